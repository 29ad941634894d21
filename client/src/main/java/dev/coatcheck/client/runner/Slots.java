package dev.coatcheck.client.runner;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How many more attempts may start. */
final class Slots {

  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int enough;
  private int free;
  private boolean closed;

  Slots(int total) {
    this.free = total;
    this.enough = Math.max(1, total / 10);
  }

  /**
   * Waits for a free slot, and a moment for some more of many: each asking costs a call. Tells how
   * many there are; 0 when closed.
   */
  int awaitFree() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (free == 0 && !closed) {
        changed.await();
      }
      long left = GATHER_NANOS;
      while (free < enough && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return closed ? 0 : free;
    } finally {
      lock.unlock();
    }
  }

  void take() {
    add(-1);
  }

  void give() {
    add(1);
  }

  /** Ends every wait. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits so long, or until closed. */
  void pause(long millis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(int slots) {
    lock.lock();
    try {
      free += slots;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
