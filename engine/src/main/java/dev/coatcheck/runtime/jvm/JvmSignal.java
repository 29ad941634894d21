package dev.coatcheck.runtime.jvm;

import dev.coatcheck.runtime.Signal;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A semaphore whose spare permits are dropped when it is awaited. */
final class JvmSignal implements Signal {

  private final Semaphore raised = new Semaphore(0);

  @Override
  public void raise() {
    if (raised.availablePermits() == 0) {
      raised.release();
    }
  }

  @Override
  public void await() throws InterruptedException {
    raised.acquire();
    raised.drainPermits();
  }

  @Override
  public boolean await(Duration atMost) throws InterruptedException {
    boolean came = raised.tryAcquire(Math.max(0, nanos(atMost)), TimeUnit.NANOSECONDS);
    // A raise between the end of the time and here is told too: draining it lowers the flag.
    return raised.drainPermits() > 0 || came;
  }

  private static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofDays(365)) > 0
        ? TimeUnit.DAYS.toNanos(365)
        : duration.toNanos();
  }
}
