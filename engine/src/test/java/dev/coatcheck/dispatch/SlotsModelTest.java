package dev.coatcheck.dispatch;

import dev.coatcheck.worker.WorkerSpec;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Places of one worker are taken and given as if one after the other. */
public class SlotsModelTest {

  private static final int PLACES = 2;

  /** Two places, and who takes one gives one back. */
  public static final class Places {

    private final Slots slots =
        new Slots(
            WorkerSpec.named("w").concurrency(PLACES).build(), new AtomicInteger(PLACES));

    @Operation
    public int takeOne() {
      return slots.take(1);
    }

    @Operation
    public int takeAndGive() {
      int taken = slots.take(1);
      slots.give(taken);
      return taken;
    }

    @Operation
    public int taken() {
      return slots.taken();
    }
  }

  /** The same, where one does it after the other. */
  public static final class OneAfterTheOther {

    private int free = PLACES;

    public int takeOne() {
      int taken = Math.min(1, free);
      free -= taken;
      return taken;
    }

    public int takeAndGive() {
      return Math.min(1, free);
    }

    public int taken() {
      return PLACES - free;
    }
  }

  @Test
  void there_are_never_more_attempts_than_places() {
    new ModelCheckingOptions()
        .iterations(20)
        .invocationsPerIteration(500)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(OneAfterTheOther.class)
        .check(Places.class);
  }
}
