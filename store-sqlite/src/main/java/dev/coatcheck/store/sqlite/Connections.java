package dev.coatcheck.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** How connections to the file are set up. */
final class Connections {

  private static final List<String> BOTH =
      List.of(
          "PRAGMA busy_timeout = 5000",
          "PRAGMA trusted_schema = OFF",
          "PRAGMA cell_size_check = ON",
          "PRAGMA temp_store = MEMORY",
          "PRAGMA foreign_keys = OFF");

  /** A checkpoint every 16 MiB of log, and the log cut back to 64 MiB after a peak. */
  private static final List<String> WRITER =
      List.of(
          "PRAGMA journal_mode = WAL",
          "PRAGMA synchronous = FULL",
          "PRAGMA wal_autocheckpoint = 4000",
          "PRAGMA journal_size_limit = 67108864",
          "PRAGMA cache_size = -65536");

  private static final List<String> READER =
      List.of("PRAGMA query_only = ON", "PRAGMA cache_size = -16384");

  private Connections() {}

  static Connection writer(Path file) throws SQLException {
    return open(file, WRITER);
  }

  /**
   * Moves the log into the file and syncs that. An earlier process whose sync failed may have left
   * commits in the log that only memory has: later ones must not stand on them.
   */
  static void settle(Connection writer) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  /** Writes files that nobody needs after a power cut. */
  private static final List<String> COPIER =
      List.of("PRAGMA synchronous = OFF", "PRAGMA cache_size = -16384");

  static Connection copier(Path file) throws SQLException {
    return open(file, COPIER);
  }

  static Connection reader(Path file) throws SQLException {
    return open(file, READER);
  }

  private static Connection open(Path file, List<String> pragmas) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
    try (Statement statement = connection.createStatement()) {
      for (String pragma : BOTH) {
        statement.execute(pragma);
      }
      for (String pragma : pragmas) {
        statement.execute(pragma);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
