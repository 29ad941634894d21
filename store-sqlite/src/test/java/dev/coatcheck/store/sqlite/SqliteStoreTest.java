package dev.coatcheck.store.sqlite;

import dev.coatcheck.testkit.CancelContract;
import dev.coatcheck.testkit.ClaimContract;
import dev.coatcheck.testkit.EventContract;
import dev.coatcheck.testkit.FileContract;
import dev.coatcheck.testkit.IdempotencyContract;
import dev.coatcheck.testkit.InMemoryBench;
import dev.coatcheck.testkit.LeaseContract;
import dev.coatcheck.testkit.LifecycleContract;
import dev.coatcheck.testkit.ListContract;
import dev.coatcheck.testkit.ParkContract;
import dev.coatcheck.testkit.PruneContract;
import dev.coatcheck.testkit.RandomWalk;
import dev.coatcheck.testkit.SettleContract;
import dev.coatcheck.testkit.StageContract;
import dev.coatcheck.testkit.StoreBench;
import dev.coatcheck.testkit.SubmitContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStoreTest
    implements SubmitContract,
        IdempotencyContract,
        ClaimContract,
        SettleContract,
        ParkContract,
        CancelContract,
        LeaseContract,
        StageContract,
        PruneContract,
        FileContract,
        EventContract,
        ListContract,
        LifecycleContract {

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
