package dev.coatcheck.server.callbacks;

import dev.coatcheck.job.Payload;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A token gets its calls and no more, however many arrive at once. */
public class PaceModelTest {

  private static final int LEFT = 2;

  /** A token that has two calls left in a second that does not go by. */
  public static final class Limited {

    private final Pace pace = new Pace(new Standstill());
    private final Payload token = Payload.utf8("token");

    public Limited() {
      for (int i = LEFT; i < Pace.PER_SECOND; i++) {
        pace.call(token);
      }
    }

    @Operation
    public boolean call() {
      return pace.call(token).equals(Duration.ZERO);
    }
  }

  /** The same, where one does it after the other. */
  public static final class OneAfterTheOther {

    private int left = LEFT;

    public boolean call() {
      return left-- > 0;
    }
  }

  private static final class Standstill implements TimeMeter {

    @Override
    public long currentTimeNanos() {
      return 0;
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }

  @Test
  void a_token_gets_no_call_too_many() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(200)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(0)
        .actorsAfter(0)
        .sequentialSpecification(OneAfterTheOther.class)
        .check(Limited.class);
  }
}
