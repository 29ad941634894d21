package dev.coatcheck.store.postgres;

import dev.coatcheck.testkit.InMemoryBench;
import dev.coatcheck.testkit.RandomWalk;
import dev.coatcheck.testkit.StoreBench;
import dev.coatcheck.testkit.StoreContract;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresStoreTest implements StoreContract {

  private static final int SEEDS = Integer.getInteger("walk.seeds", 15);
  private static final int STEPS = 60;

  private StoreBench bench;

  @BeforeEach
  void place() {
    bench = new PostgresBench();
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
