package dev.coatcheck.simulation.store;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.simulation.faults.Fault;
import dev.coatcheck.simulation.faults.Faults;
import dev.coatcheck.simulation.machine.Scheduler;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;

/** Hints on their way to one node: lost, late, or twice. */
public final class SimSignals implements Signals {

  private static final int LATE_MILLIS = 3_000;

  private final Signals inner;
  private final SimMachine machine;
  private final Scheduler scheduler;
  private final Faults faults;

  public SimSignals(Signals inner, SimMachine machine, Scheduler scheduler, Faults faults) {
    this.inner = inner;
    this.machine = machine;
    this.scheduler = scheduler;
    this.faults = faults;
  }

  @Override
  public boolean lossy() {
    return true;
  }

  @Override
  public void listen(Listener listener) {
    inner.listen(
        new Listener() {
          @Override
          public void work(String worker) {
            give(() -> listener.work(worker));
          }

          @Override
          public void changed(JobId job, Phase phase) {
            give(() -> listener.changed(job, phase));
          }

          @Override
          public void due(Instant at) {
            give(() -> listener.due(at));
          }

          @Override
          public void scheduled(Instant at) {
            give(() -> listener.scheduled(at));
          }

          @Override
          public void broken(StoreUnavailableException cause) {
            listener.broken(cause);
          }
        });
  }

  private void give(Runnable hint) {
    if (!machine.realm().alive() || faults.strikes(Fault.HINT_LOST)) {
      return;
    }
    if (faults.strikes(Fault.HINT_LATE)) {
      Duration late = Duration.ofMillis(1 + faults.dice().nextInt(LATE_MILLIS));
      machine.fork(
          "hint",
          () -> {
            scheduler.pause(late);
            hint.run();
          });
      return;
    }
    hint.run();
    if (faults.strikes(Fault.HINT_TWICE)) {
      hint.run();
    }
  }
}
