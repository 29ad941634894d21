package dev.coatcheck.dispatch;

import dev.coatcheck.worker.Execution;
import dev.coatcheck.worker.WorkerSpec;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free places for attempts of one worker. Workers that compute also share one pool of as many
 * places as there are cores.
 */
final class Slots {

  private final int limit;
  private final AtomicInteger free;
  private final AtomicInteger shared;

  Slots(WorkerSpec spec, AtomicInteger cores) {
    this.limit = spec.concurrency();
    this.free = new AtomicInteger(limit);
    this.shared =
        spec.execution() == Execution.CPU ? cores : new AtomicInteger(Integer.MAX_VALUE / 2);
  }

  /** Takes up to {@code wanted} places and tells how many. */
  int take(int wanted) {
    int own = take(free, wanted);
    int both = take(shared, own);
    free.addAndGet(own - both);
    return both;
  }

  void give(int places) {
    shared.addAndGet(places);
    free.addAndGet(places);
  }

  /** Attempts that hold a place now. */
  int taken() {
    return limit - free.get();
  }

  boolean any() {
    return free.get() > 0 && shared.get() > 0;
  }

  private static int take(AtomicInteger places, int wanted) {
    while (true) {
      int present = places.get();
      int taken = Math.min(present, wanted);
      if (taken <= 0) {
        return 0;
      }
      if (places.compareAndSet(present, present - taken)) {
        return taken;
      }
    }
  }
}
