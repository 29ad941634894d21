package dev.coatcheck.runtime.jvm;

import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A signal is a flag: no order in which threads raise and look loses a raise. */
public class SignalModelTest {

  /** What threads do to one signal. */
  public static final class Flag {

    private final JvmSignal signal = new JvmSignal();

    @Operation
    public void raise() {
      signal.raise();
    }

    /** A signal has one who waits. */
    @Operation(nonParallelGroup = "waiting")
    public boolean look() throws InterruptedException {
      return signal.await(Duration.ZERO);
    }
  }

  /** The same, where one does it after the other. */
  public static final class OneAfterTheOther {

    private boolean raised;

    public void raise() {
      raised = true;
    }

    public boolean look() {
      boolean was = raised;
      raised = false;
      return was;
    }
  }

  @Test
  void no_raise_is_lost() {
    new ModelCheckingOptions()
        .iterations(10)
        .invocationsPerIteration(500)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(OneAfterTheOther.class)
        .check(Flag.class);
  }
}
