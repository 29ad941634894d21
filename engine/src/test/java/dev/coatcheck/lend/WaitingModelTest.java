package dev.coatcheck.lend;

import dev.coatcheck.runtime.jvm.JvmMachine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Work finds one who waits for it, whoever else comes, is woken and goes. */
public class WaitingModelTest {

  private static final List<String> WORKERS = List.of("w", "v");

  /** One who stays, work, and others who come and go. */
  public static final class Line {

    private final Waiting waiting =
        new Waiting(new JvmMachine(InstantSource.system(), new Random(1)));
    private final Waiting.Place stays = waiting.enter(WORKERS);
    private volatile boolean work;

    @Operation
    public void work() {
      work = true;
      waiting.wake("w");
    }

    @Operation
    public void comeAndGo() {
      waiting.enter(WORKERS).close();
    }

    @Operation
    public void other() {
      waiting.wake("v");
    }

    /** When all others have gone, whoever is left has been told. */
    @Validate
    public void nobodySleepsOnWork() throws InterruptedException {
      boolean woken = stays.await(Duration.ZERO);
      if (work && !woken) {
        throw new IllegalStateException("there is work, and who waits for it sleeps");
      }
    }
  }

  @Test
  void no_work_waits_for_one_who_has_gone() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(150)
        .threads(2)
        .actorsPerThread(3)
        .check(Line.class);
  }
}
