package dev.coatcheck.client.runner;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** All leases that this runner holds. */
final class Held {

  private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();

  void add(Attempt attempt) {
    attempts.put(attempt.token(), attempt);
  }

  void remove(Attempt attempt) {
    attempts.remove(attempt.token());
    if (attempts.isEmpty()) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  Optional<Attempt> find(String token) {
    return Optional.ofNullable(attempts.get(token));
  }

  List<Attempt> all() {
    return List.copyOf(attempts.values());
  }

  /** Waits until nothing is held; false when the time is over first. */
  synchronized boolean awaitNone(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (!attempts.isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
