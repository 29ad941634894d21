package dev.coatcheck.server.backup;

import dev.coatcheck.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a store in a file is.
 *
 * @param database the file with all jobs
 * @param files the folder with the bytes of files
 */
public record Place(Path database, Path files) {

  private static final String SQLITE = "sqlite";
  private static final String NAME = "coatcheck.db";

  /** The place that the configuration names; empty if it names no file. */
  public static Optional<Place> of(ServerConfig config) {
    String url = config.storeUrl().orElse(SQLITE);
    if (url.equals(SQLITE)) {
      return Optional.of(in(config.dataDir()));
    }
    return url.startsWith(SQLITE + ":") && url.length() > SQLITE.length() + 1
        ? Optional.of(at(Path.of(url.substring(SQLITE.length() + 1))))
        : Optional.empty();
  }

  /** The usual place in a server's folder. */
  public static Place in(Path folder) {
    return at(folder.resolve(NAME));
  }

  /** The files lie beside the database, whose owner alone may have them open. */
  public static Place at(Path database) {
    Path whole = database.toAbsolutePath().normalize();
    return new Place(whole, whole.resolveSibling(whole.getFileName() + "-files"));
  }

  /** The folder that all of it is in. */
  public Path folder() {
    return database.resolveSibling(".").normalize();
  }
}
