package dev.coatcheck.server;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.server.config.ConfigException;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.secret.SecretKey;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.folder.FolderBlobs;
import dev.coatcheck.store.postgres.PostgresOptions;
import dev.coatcheck.store.postgres.PostgresStore;
import dev.coatcheck.store.sqlite.SqliteOptions;
import dev.coatcheck.store.sqlite.SqliteStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where jobs and the bytes of files are kept, as the configuration names it.
 *
 * @param secret what links are signed with when the configuration names nothing
 */
record Storage(Store store, Blobs blobs, Supplier<SecretKey> secret) {

  private static final String SQLITE = "sqlite";
  private static final String FILE = "coatcheck.db";
  private static final String FILES = "-files";

  /**
   * Opens it.
   *
   * @throws ConfigException if the configuration names a store that there is none of
   * @throws dev.coatcheck.store.StoreRefusedException if it cannot be opened
   */
  static Storage open(ServerConfig config, InstantSource clock, SecureRandom random) {
    String url = config.storeUrl().orElse(SQLITE);
    if (url.equals(SQLITE)) {
      return sqlite(config, config.dataDir().resolve(FILE), clock, random);
    }
    if (url.startsWith(SQLITE + ":") && url.length() > SQLITE.length() + 1) {
      return sqlite(config, Path.of(url.substring(SQLITE.length() + 1)), clock, random);
    }
    if (config.onPostgres()) {
      return postgres(config, url, random);
    }
    throw new ConfigException(
        List.of(
            "store.url: only sqlite, sqlite:<file> and postgresql://… are supported, not "
                + scheme(url)));
  }

  private static Storage sqlite(
      ServerConfig config, Path file, InstantSource clock, SecureRandom random) {
    SqliteStore store =
        SqliteStore.open(
            new SqliteOptions(
                file, config.leaseDuration(), config.indexedMetadata(), clock, random));
    try {
      // Beside the database, whose owner alone may have them open.
      Path folder = file.resolveSibling(file.getFileName() + FILES);
      return new Storage(
          store, FolderBlobs.open(folder, clock), () -> SecretKey.in(config.dataDir(), random));
    } catch (RuntimeException failed) {
      store.close();
      throw failed;
    }
  }

  private static Storage postgres(ServerConfig config, String url, SecureRandom random) {
    PostgresStore store =
        PostgresStore.open(
            PostgresOptions.of(url, random)
                .withLease(config.leaseDuration())
                .withIndexedMetadata(config.indexedMetadata()));
    return new Storage(
        store, store.blobs(), () -> SecretKey.of(HexFormat.of().formatHex(store.secret())));
  }

  /** What is before the colon: the rest may hold a password. */
  private static String scheme(String url) {
    int colon = url.indexOf(':');
    return colon < 0 ? url : url.substring(0, colon);
  }
}
