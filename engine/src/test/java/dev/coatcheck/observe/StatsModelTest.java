package dev.coatcheck.observe;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Reader.Finished;
import java.time.Duration;
import java.time.Instant;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Each job that ends is counted once, and none is half counted in what is told meanwhile. */
public class StatsModelTest {

  private static final Instant NOW = Instant.ofEpochSecond(3_600);

  /** Jobs that end, and one who looks. */
  public static final class Counted {

    private final Stats stats = new Stats();

    @Operation
    public void succeeds() {
      stats.add(job(Phase.SUCCEEDED));
    }

    @Operation
    public void fails() {
      stats.add(job(Phase.FAILED));
    }

    @Operation
    public long told() {
      WorkerStats told = stats.of("w", NOW);
      long succeeded = Math.round(told.successRate() * told.finished());
      return 10_000 * told.finished() + 100 * succeeded + told.ran().count();
    }

    private static Finished job(Phase phase) {
      return new Finished("w", phase, NOW, Duration.ofMillis(1), Duration.ofMillis(2));
    }
  }

  /** The same, where one does it after the other. */
  public static final class OneAfterTheOther {

    private int finished;
    private int succeeded;

    public void succeeds() {
      finished++;
      succeeded++;
    }

    public void fails() {
      finished++;
    }

    public long told() {
      return 10_000L * finished + 100L * succeeded + succeeded;
    }
  }

  @Test
  void no_end_is_lost_or_half_counted() {
    new ModelCheckingOptions()
        .iterations(6)
        .invocationsPerIteration(100)
        .threads(2)
        // Used under a lock alone; its loops over buckets are no livelock.
        .addGuarantee(forClasses(Histogram.class.getName()).allMethods().ignore())
        .actorsPerThread(3)
        .sequentialSpecification(OneAfterTheOther.class)
        .check(Counted.class);
  }
}
