package dev.coatcheck.server;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.server.backup.Backup;
import dev.coatcheck.server.backup.Backups;
import dev.coatcheck.server.backup.Place;
import dev.coatcheck.server.config.ConfigException;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.secret.SecretKey;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.folder.FolderBlobs;
import dev.coatcheck.store.postgres.PostgresOptions;
import dev.coatcheck.store.postgres.PostgresStore;
import dev.coatcheck.store.sqlite.SqliteOptions;
import dev.coatcheck.store.sqlite.SqliteStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where jobs and the bytes of files are kept, as the configuration names it.
 *
 * @param secret what links are signed with when the configuration names nothing
 * @param backups empty where the tools of the database take them
 */
record Storage(Store store, Blobs blobs, Supplier<SecretKey> secret, Optional<Backups> backups) {

  /**
   * Opens it.
   *
   * @throws ConfigException if the configuration names a store that there is none of
   * @throws dev.coatcheck.store.StoreRefusedException if it cannot be opened
   */
  static Storage open(ServerConfig config, InstantSource clock, SecureRandom random) {
    Optional<Place> place = Place.of(config);
    if (place.isPresent()) {
      return sqlite(config, place.get(), clock, random);
    }
    String url = config.storeUrl().orElseThrow();
    if (config.onPostgres()) {
      return postgres(config, url, random);
    }
    throw new ConfigException(
        List.of(
            "store.url: only sqlite, sqlite:<file> and postgresql://… are supported, not "
                + scheme(url)));
  }

  private static Storage sqlite(
      ServerConfig config, Place place, InstantSource clock, SecureRandom random) {
    SqliteStore store =
        SqliteStore.open(
            SqliteOptions.of(place.database(), clock, random)
                .withLease(config.leaseDuration())
                .withIndexedMetadata(config.indexedMetadata())
                .withWeights(config.fairnessWeights()));
    try {
      Backup.dropLeftovers(place);
      FolderBlobs blobs = FolderBlobs.open(place.files(), clock);
      return new Storage(
          store,
          blobs,
          () -> SecretKey.in(config.dataDir(), random),
          Optional.of(new Backups(place, blobs, clock)));
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
                .withIndexedMetadata(config.indexedMetadata())
                .withWeights(config.fairnessWeights()));
    return new Storage(
        store,
        store.blobs(),
        () -> SecretKey.of(HexFormat.of().formatHex(store.secret())),
        Optional.empty());
  }

  /** What is before the colon: the rest may hold a password. */
  private static String scheme(String url) {
    int colon = url.indexOf(':');
    return colon < 0 ? url : url.substring(0, colon);
  }
}
