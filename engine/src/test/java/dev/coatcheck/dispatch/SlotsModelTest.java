package dev.coatcheck.dispatch;

import dev.coatcheck.worker.WorkerSpec;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Places of one worker are taken and given as if one after the other. */
public class SlotsModelTest {

  private static final int PLACES = 2;

  /** Two places that threads take and give. */
  public static final class Places {

    private final Slots slots =
        new Slots(WorkerSpec.named("w").concurrency(PLACES).build(), new AtomicInteger(PLACES));

    @Operation
    public int takeOne() {
      return slots.take(1);
    }

    @Operation
    public int takeTwo() {
      return slots.take(2);
    }

    @Operation
    public void giveOne() {
      slots.give(1);
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
      return take(1);
    }

    public int takeTwo() {
      return take(2);
    }

    private int take(int wanted) {
      int taken = Math.max(0, Math.min(wanted, free));
      free -= taken;
      return taken;
    }

    public void giveOne() {
      free++;
    }

    public int taken() {
      return PLACES - free;
    }
  }

  @Test
  void there_are_never_more_attempts_than_places() {
    new ModelCheckingOptions()
        .iterations(10)
        .invocationsPerIteration(500)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(OneAfterTheOther.class)
        .check(Places.class);
  }
}
