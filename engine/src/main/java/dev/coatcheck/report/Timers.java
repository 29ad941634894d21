package dev.coatcheck.report;

import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.worker.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs short actions at their time, one after the other, on one task. */
public final class Timers {

  private static final Logger log = LoggerFactory.getLogger(Timers.class);

  private final Machine machine;
  private final Signal changed;
  private final NavigableSet<Timer> pending = new TreeSet<>();
  private final Task task;
  private volatile boolean stopping;
  private long sequence;

  public Timers(Machine machine) {
    this.machine = machine;
    this.changed = machine.signal();
    this.task = machine.fork("coatcheck-timers", Execution.CPU, this::run);
  }

  /** An action that is due at a time of the monotonic clock, unless canceled before. */
  public final class Timer implements Comparable<Timer> {

    private final long dueNanos;
    private final long order;
    private final Runnable action;

    private Timer(long dueNanos, long order, Runnable action) {
      this.dueNanos = dueNanos;
      this.order = order;
      this.action = action;
    }

    public void cancel() {
      synchronized (pending) {
        pending.remove(this);
      }
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(dueNanos - other.dueNanos, 0);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** Runs the action after the delay; it must return at once. */
  public Timer after(Duration delay, Runnable action) {
    Timer timer;
    boolean first;
    synchronized (pending) {
      timer = new Timer(machine.nanos() + Math.max(0, delay.toNanos()), sequence++, action);
      pending.add(timer);
      first = pending.first() == timer;
    }
    if (first) {
      changed.raise();
    }
    return timer;
  }

  public void stop() throws InterruptedException {
    stopping = true;
    changed.raise();
    task.join(Duration.ofSeconds(1));
  }

  private void run() {
    try {
      while (!stopping) {
        takeDue().forEach(Timers::fire);
        changed.await(untilNext());
      }
    } catch (InterruptedException interrupted) {
      log.warn("the timers were interrupted");
    }
  }

  private static void fire(Timer timer) {
    try {
      timer.action.run();
    } catch (RuntimeException defect) {
      log.error("a timer failed", defect);
    }
  }

  private List<Timer> takeDue() {
    List<Timer> due = new ArrayList<>();
    long now = machine.nanos();
    synchronized (pending) {
      while (!pending.isEmpty() && pending.first().dueNanos - now <= 0) {
        due.add(pending.removeFirst());
      }
    }
    return due;
  }

  private Duration untilNext() {
    synchronized (pending) {
      return pending.isEmpty()
          ? Duration.ofDays(1)
          : Duration.ofNanos(Math.max(0, pending.first().dueNanos - machine.nanos()));
    }
  }
}
