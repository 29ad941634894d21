package dev.coatcheck.simulation.machine;

import dev.coatcheck.runtime.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A task of the simulation: a thread that runs only while it holds the baton. */
final class SimTask implements Task {

  /** Where a task stands. */
  enum State {
    /** It has the baton, or waits for it. */
    RUNNABLE,
    /** It waits for a signal, a time or the end of another. */
    BLOCKED,
    DONE
  }

  final Scheduler scheduler;
  final Realm realm;
  final String name;
  State state = State.RUNNABLE;
  boolean woken;
  boolean interrupted;
  final List<SimTask> joining = new ArrayList<>();

  /** Counts waits, so that an alarm set for an earlier one is known to be stale. */
  long wait;

  private @Nullable Thread thread;
  private volatile boolean baton;

  SimTask(Scheduler scheduler, Realm realm, String name) {
    this.scheduler = scheduler;
    this.realm = realm;
    this.name = name;
  }

  void starts(Runnable body) {
    thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              baton = false;
              body.run();
            });
  }

  /** Hands the baton to this task. */
  void resume() {
    Thread mine = java.util.Objects.requireNonNull(thread);
    baton = true;
    if (mine.getState() == Thread.State.NEW) {
      mine.start();
    } else {
      LockSupport.unpark(mine);
    }
  }

  /** Waits on the task's own thread until the baton comes back. */
  void rest() {
    while (!baton) {
      LockSupport.park(this);
    }
    baton = false;
  }

  /** Forgets the thread of a task that never began. */
  boolean neverBegan() {
    return thread != null && thread.getState() == Thread.State.NEW;
  }

  @Override
  public void interrupt() {
    interrupted = true;
    scheduler.wake(this);
  }

  @Override
  public boolean join(Duration atMost) throws InterruptedException {
    return scheduler.join(this, atMost);
  }

  @Override
  public String toString() {
    return realm + "/" + name;
  }
}
