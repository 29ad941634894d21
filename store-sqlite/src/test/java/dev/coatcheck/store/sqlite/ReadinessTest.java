package dev.coatcheck.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Mailbox;
import dev.coatcheck.runtime.Promise;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.base.Hints;
import dev.coatcheck.worker.Execution;
import dev.coatcheck.worker.WorkerSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether an engine says that it takes jobs, on a disk that is full or fails. */
final class ReadinessTest {

  private static final String LARGE = "x".repeat(10_000);

  @TempDir private Path directory;

  @Test
  void a_full_disk_is_not_ready_however_much_time_goes_by_until_there_is_room() throws Exception {
    SqliteBench bench = new SqliteBench(directory);
    bench.store();
    LateMachine machine = new LateMachine();
    try (Engine engine = Engine.start(bench.sqlite(), EngineConfig.on(machine))) {
      engine.define(WorkerSpec.named("w").build(), "config");
      engine.requireStore();
      bench.sqlite().limitGrowth(1);
      WorkerSpec big = WorkerSpec.named("w").description(LARGE).build();
      assertThatThrownBy(() -> engine.define(big, "config"))
          .isInstanceOf(StoreUnavailableException.class);

      assertThatThrownBy(engine::requireStore).isInstanceOf(StoreUnavailableException.class);
      machine.late = Duration.ofHours(1);
      assertThatThrownBy(engine::requireStore).isInstanceOf(StoreUnavailableException.class);

      // A commit that has nothing to write proves nothing.
      engine.define(WorkerSpec.named("w").build(), "config");
      assertThatThrownBy(engine::requireStore).isInstanceOf(StoreUnavailableException.class);

      bench.sqlite().limitGrowth(0);
      assertThatCode(engine::requireStore).doesNotThrowAnyException();
    }
  }

  @Test
  void whoever_listens_is_told_that_the_store_is_broken_early_or_late() {
    Hints hints = new Hints(false);
    Told early = new Told();
    Told late = new Told();
    StoreUnavailableException cause = StoreUnavailableException.untilReopened("the disk", null);

    hints.listen(early);
    hints.broken(cause);
    hints.listen(late);

    assertThat(early.told).containsExactly(cause);
    assertThat(late.told).containsExactly(cause);
  }

  private static final class Told implements Signals.Listener {

    final List<StoreUnavailableException> told = new ArrayList<>();

    @Override
    public void work(String worker) {}

    @Override
    public void changed(JobId job, Phase phase) {}

    @Override
    public void due(Instant at) {}

    @Override
    public void broken(StoreUnavailableException cause) {
      told.add(cause);
    }
  }

  /** A machine on which more time has gone by than really has. */
  private static final class LateMachine implements Machine {

    private final Machine real = new JvmMachine();
    volatile Duration late = Duration.ZERO;

    @Override
    public Instant now() {
      return real.now().plus(late);
    }

    @Override
    public long nanos() {
      return real.nanos() + late.toNanos();
    }

    @Override
    public RandomGenerator random() {
      return real.random();
    }

    @Override
    public Task fork(String name, Execution execution, Runnable body) {
      return real.fork(name, execution, body);
    }

    @Override
    public Signal signal() {
      return real.signal();
    }

    @Override
    public <T> Mailbox<T> mailbox() {
      return real.mailbox();
    }

    @Override
    public <T> Promise<T> promise() {
      return real.promise();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      real.sleep(duration);
    }
  }
}
