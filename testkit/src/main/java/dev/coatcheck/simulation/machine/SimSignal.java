package dev.coatcheck.simulation.machine;

import dev.coatcheck.runtime.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A flag in a simulated process. Raising it never switches tasks. */
final class SimSignal implements Signal {

  private final Scheduler scheduler;
  private final Realm realm;
  private final List<SimTask> waiting = new ArrayList<>();
  private boolean raised;

  SimSignal(Scheduler scheduler, Realm realm) {
    this.scheduler = scheduler;
    this.realm = realm;
  }

  @Override
  public void raise() {
    if (realm.alive()) {
      raised = true;
      waiting.forEach(scheduler::wake);
    }
  }

  @Override
  public void await() throws InterruptedException {
    until(Scheduler.forever());
  }

  @Override
  public boolean await(Duration atMost) throws InterruptedException {
    return until(scheduler.after(atMost));
  }

  private boolean until(long end) throws InterruptedException {
    scheduler.pass();
    scheduler.heed();
    SimTask me = scheduler.me();
    waiting.add(me);
    try {
      while (!raised && scheduler.nanos() < end) {
        scheduler.block(end);
        scheduler.heed();
      }
    } finally {
      waiting.remove(me);
    }
    boolean came = raised;
    raised = false;
    return came;
  }
}
