package dev.coatcheck.client.http;

import java.time.Duration;

/** How much longer a call is worth repeating. */
@FunctionalInterface
public interface Patience {

  /** Zero or less when the call is to be given up. */
  Duration left();

  /** Nothing is left. */
  default boolean over() {
    Duration left = left();
    return left.isZero() || left.isNegative();
  }

  /** Patience that ends so long from now. */
  static Patience of(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    return () -> Duration.ofNanos(end - System.nanoTime());
  }
}
