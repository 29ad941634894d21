package dev.coatcheck.store.sqlite;

import dev.coatcheck.testkit.LaneProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;

/** Measures lanes and limits on a store in a file. Argument: a directory. */
final class SqliteLaneProbe {

  private SqliteLaneProbe() {}

  public static void main(String[] args) throws Exception {
    Path file = Files.createTempDirectory(Path.of(args[0]), "probe").resolve("probe.db");
    SqliteOptions options = SqliteOptions.of(file, InstantSource.system(), new SplittableRandom());
    try (SqliteStore store = SqliteStore.open(options)) {
      new LaneProbe(store, System.out).run();
    }
  }
}
