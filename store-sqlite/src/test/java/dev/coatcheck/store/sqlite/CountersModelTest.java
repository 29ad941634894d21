package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.store.base.Weights;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Readers see what was committed, never a transaction half done or undone. */
public class CountersModelTest {

  /** A writer with its transactions, and one who reads. */
  public static final class Counted {

    private final Counters counters = new Counters(Weights.EVEN);

    @Operation(nonParallelGroup = "writer")
    public void submit() {
      counters.enter("w", "l", Phase.READY, null);
      counters.keep();
    }

    @Operation(nonParallelGroup = "writer")
    public void startOrGiveUp() {
      if (counters.ready("w") > 0) {
        counters.leave("w", "l", Phase.READY, null);
        counters.enter("w", "l", Phase.RUNNING, null);
      }
      counters.keep();
    }

    @Operation(nonParallelGroup = "writer")
    public void undone() {
      counters.enter("w", "l", Phase.READY, null);
      counters.deadLetters("w", 1);
      counters.undo();
    }

    @Operation
    public long read() {
      WorkerCounts counts = counters.counts("w");
      return 10_000 * counts.deadLetters() + 100 * counts.running() + counts.ready();
    }
  }

  /** The same, where one does it after the other. */
  public static final class OneAfterTheOther {

    private int ready;
    private int running;

    public void submit() {
      ready++;
    }

    public void startOrGiveUp() {
      if (ready > 0) {
        ready--;
        running++;
      }
    }

    public void undone() {}

    public long read() {
      return 100L * running + ready;
    }
  }

  @Test
  void nobody_sees_half_a_transaction() {
    new ModelCheckingOptions()
        .iterations(4)
        .invocationsPerIteration(100)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(OneAfterTheOther.class)
        .check(Counted.class);
  }
}
