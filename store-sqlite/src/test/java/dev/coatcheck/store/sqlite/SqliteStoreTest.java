package dev.coatcheck.store.sqlite;

import dev.coatcheck.testkit.InMemoryBench;
import dev.coatcheck.testkit.RandomWalk;
import dev.coatcheck.testkit.StoreBench;
import dev.coatcheck.testkit.StoreContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStoreTest implements StoreContract {

  private static final int SEEDS = 120;
  private static final int STEPS = 60;

  @TempDir private Path directory;
  private StoreBench bench;

  @BeforeEach
  void place() {
    bench = new SqliteBench(directory);
  }

  @Override
  public StoreBench bench() {
    return bench;
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** The in-memory store is the model: equal changes, equal answers, equal jobs. */
  @Test
  void random_changes_have_the_effect_that_they_have_in_memory() {
    try (StoreBench model = new InMemoryBench()) {
      for (long seed = 0; seed < SEEDS; seed++) {
        new RandomWalk(seed, List.of(bench, model)).run(STEPS);
      }
    }
  }
}
