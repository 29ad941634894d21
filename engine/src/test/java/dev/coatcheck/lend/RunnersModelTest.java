package dev.coatcheck.lend;

import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.runtime.jvm.JvmMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A runner that waits for work is never forgotten, one that is silent always, whoever looks. */
public class RunnersModelTest {

  private static final RunnerId RUNNER = new RunnerId(1, 1);
  private static final Duration SILENCE = Duration.ofMillis(10);

  /** A runner that calls for work, and time that goes by. */
  public static final class Known {

    private final AtomicLong now = new AtomicLong();
    private final Runners runners =
        new Runners(new JvmMachine(() -> Instant.ofEpochMilli(now.get()), new Random(1)), SILENCE);

    private int calls;

    @Operation(nonParallelGroup = "runner")
    public void arrives() {
      calls++;
      runners.arrived(
          RUNNER, new Order(RUNNER, null, null, List.of("w"), 1, Duration.ZERO, () -> false));
    }

    @Operation(nonParallelGroup = "runner")
    public void leaves() {
      if (calls > 0) {
        calls--;
        runners.left(RUNNER);
      }
    }

    @Operation
    public int counted() {
      return runners.of("w");
    }

    @Operation
    public void silence() {
      now.addAndGet(SILENCE.toMillis() + 1);
    }
  }

  /** The same, where one does it after the other. */
  public static final class OneAfterTheOther {

    private boolean known;
    private boolean silent;
    private int waiting;

    public void arrives() {
      known = true;
      silent = false;
      waiting++;
    }

    public void leaves() {
      if (waiting > 0) {
        silent = false;
        waiting--;
      }
    }

    public int counted() {
      known = known && !(silent && waiting == 0);
      return known ? 1 : 0;
    }

    public void silence() {
      silent = true;
    }
  }

  @Test
  void who_waits_is_known_and_who_is_silent_is_not() {
    new ModelCheckingOptions()
        .iterations(8)
        .invocationsPerIteration(150)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(OneAfterTheOther.class)
        .check(Known.class);
  }
}
