package dev.coatcheck.server.http;

import java.util.Optional;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** An end reaches every wait, and nothing that comes after a wait. */
public class WaitsModelTest {

  /** Waits that find something or are interrupted, and their end. */
  public static final class Waiting {

    private final Waits waits = new Waits();

    @Operation
    public boolean waits() throws Exception {
      Optional<Boolean> found =
          waits.during(() -> {
            if (Thread.interrupted()) {
              throw new InterruptedException();
            }
            return true;
          });
      if (Thread.interrupted()) {
        throw new IllegalStateException("the end of a wait hits what follows it");
      }
      return found.isPresent();
    }

    @Operation(runOnce = true)
    public void end() {
      waits.end();
    }
  }

  /** The same, where one does it after the other. */
  public static final class OneAfterTheOther {

    private boolean ended;

    public boolean waits() {
      return !ended;
    }

    public void end() {
      ended = true;
    }
  }

  @Test
  void an_end_ends_waits_and_nothing_else() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(150)
        .threads(2)
        .actorsPerThread(2)
        .sequentialSpecification(OneAfterTheOther.class)
        .check(Waiting.class);
  }
}
