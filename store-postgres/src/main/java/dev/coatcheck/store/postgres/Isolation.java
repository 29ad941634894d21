package dev.coatcheck.store.postgres;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Notices that this node could not tell for a whole lease that it is alive: by then others may have
 * taken what it holds. Measured by this process's own clock, from before the last word that came
 * through was sent, on a thread of its own: the one that speaks may be waiting for an answer.
 */
final class Isolation implements AutoCloseable {

  private final Duration lease;
  private final Duration again;
  private final Runnable tell;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coatcheck-isolation");
        thread.setDaemon(true);
        return thread;
      });
  private volatile long heardAt;

  /**
   * Begins with the first {@link #heard}.
   *
   * @param again how often it is told while it lasts
   * @param tell must return at once
   */
  Isolation(Duration lease, Duration again, Runnable tell) {
    this.lease = lease;
    this.again = again;
    this.tell = tell;
  }

  /** What was sent at this time, of {@link System#nanoTime}, has come through. */
  void heard(long sentAt) {
    heardAt = sentAt;
  }

  /** Begins to watch; something has been heard. */
  void begin() {
    lookIn(left());
  }

  private long left() {
    return lease.toNanos() - (System.nanoTime() - heardAt);
  }

  private void look() {
    long left = left();
    if (left > 0) {
      lookIn(left);
      return;
    }
    lookIn(again.toNanos());
    tell.run();
  }

  private void lookIn(long nanos) {
    Future<?> _ = watch.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
