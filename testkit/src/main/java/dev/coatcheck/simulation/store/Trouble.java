package dev.coatcheck.simulation.store;

import dev.coatcheck.simulation.faults.Fault;
import dev.coatcheck.simulation.faults.Faults;
import dev.coatcheck.simulation.machine.Scheduler;
import dev.coatcheck.store.StoreUnavailableException;
import java.time.Duration;
import java.util.function.Supplier;

/** What every call of a node to its store goes through: other tasks, delays, failures. */
public final class Trouble {

  private static final int SLOW_MILLIS = 1_500;

  private final Scheduler scheduler;
  private final Faults faults;
  private boolean refusing;
  private boolean started;

  public Trouble(Scheduler scheduler, Faults faults) {
    this.scheduler = scheduler;
    this.faults = faults;
  }

  /** From now on every change is refused as by a full disk, until this is called with false. */
  public void refuse(boolean refuses) {
    refusing = refuses;
  }

  /** From now on reads may fail; an engine that cannot read at its start does not start. */
  public void started() {
    started = true;
  }

  /** Unwinds a caller whose process is dead: what it closes on its way out has no effect. */
  void alive() {
    scheduler.alive();
  }

  /** Makes a change: it may come late, not at all, or without its answer. */
  <T> T change(Supplier<T> effect) {
    scheduler.pass();
    slow();
    if (refusing) {
      throw new StoreUnavailableException("refused", null);
    }
    if (faults.strikes(Fault.STORE_FAILS_BEFORE)) {
      throw new StoreUnavailableException("failed before its effect", null);
    }
    T result = effect.get();
    slow();
    scheduler.pass();
    if (faults.strikes(Fault.STORE_FAILS_AFTER)) {
      throw new StoreUnavailableException("failed after its effect", null);
    }
    return result;
  }

  <T> T read(Supplier<T> look) {
    scheduler.alive();
    if (started) {
      if (faults.dice().nextInt(4) == 0) {
        scheduler.pass();
      }
      if (faults.strikes(Fault.READ_FAILS)) {
        throw new StoreUnavailableException("could not be read", null);
      }
    }
    return look.get();
  }

  private void slow() {
    if (faults.strikes(Fault.STORE_SLOW)) {
      scheduler.pause(Duration.ofMillis(1 + faults.dice().nextInt(SLOW_MILLIS)));
    }
  }
}
