package dev.coatcheck.store.sqlite;

import dev.coatcheck.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Copies a database as it is at one moment, while its owner and others go on: they are not held up,
 * only the log is not cut back before the copy is there.
 */
public final class Snapshot {

  private Snapshot() {}

  /**
   * Makes the copy, one compact file without a log.
   *
   * @param copy must not be there yet; no more durable than any file that was just written
   * @return as of when it is: what was acknowledged before is in it
   * @throws StoreUnavailableException if the database cannot be read, or there is no room
   */
  public static Instant take(Path database, Path copy, InstantSource clock) {
    try (Connection connection = Connections.copier(database)) {
      Instant at = clock.instant();
      try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
        vacuum.setString(1, copy.toAbsolutePath().toString());
        vacuum.execute();
      }
      return at;
    } catch (SQLException e) {
      throw new StoreUnavailableException("no copy of the database: " + e.getMessage(), e);
    }
  }

  /** How many bytes a copy may take at most. */
  public static long size(Path database) throws IOException {
    Path log = database.resolveSibling(database.getFileName() + "-wal");
    return Files.size(database) + (Files.exists(log) ? Files.size(log) : 0);
  }
}
