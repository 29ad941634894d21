package dev.coatcheck.store.postgres;

import dev.coatcheck.testkit.LaneProbe;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.SplittableRandom;

/** Measures lanes and limits on a PostgreSQL of its own that waits for its disk. */
final class PostgresLaneProbe {

  private PostgresLaneProbe() {}

  public static void main(String[] args) throws Exception {
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("shared_buffers", "512MB")
            .start()) {
      String url = "postgresql://postgres@localhost:" + postgres.getPort() + "/postgres";
      try (PostgresStore store =
          PostgresStore.open(PostgresOptions.of(url, new SplittableRandom()))) {
        new LaneProbe(store, System.out).run();
      }
    }
  }
}
