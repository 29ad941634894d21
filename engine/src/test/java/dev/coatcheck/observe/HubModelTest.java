package dev.coatcheck.observe;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.runtime.jvm.JvmMachine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A change is told to who watches, whatever others do who watch the same job and leave. */
public class HubModelTest {

  private static final JobId JOB = new JobId(1, 1);

  /** One watch that stays, changes, and others that come and go. */
  public static final class Watched {

    private final Hub hub = new Hub(new JvmMachine(InstantSource.system(), new Random(1)));
    private final Hub.Watch watch = hub.watch(JOB, false);

    @Operation
    public void change() {
      hub.changed(JOB, Phase.RUNNING);
    }

    @Operation
    public void comeAndGo() {
      hub.watch(JOB, true).close();
    }

    @Operation(nonParallelGroup = "watching")
    public boolean look() throws InterruptedException {
      return watch.await(Duration.ZERO);
    }
  }

  /** The same, where one does it after the other. */
  public static final class OneAfterTheOther {

    private boolean changed;

    public void change() {
      changed = true;
    }

    public void comeAndGo() {}

    public boolean look() {
      boolean was = changed;
      changed = false;
      return was;
    }
  }

  @Test
  void no_change_is_lost() {
    new ModelCheckingOptions()
        .iterations(15)
        .invocationsPerIteration(300)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(OneAfterTheOther.class)
        .check(Watched.class);
  }
}
