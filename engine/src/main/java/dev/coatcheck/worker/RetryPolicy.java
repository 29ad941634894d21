package dev.coatcheck.worker;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a failed attempt is followed by another: exponential, with full jitter (Marc Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 *
 * @param base upper bound of the first wait
 * @param factor growth of the bound from wait to wait, at least 1
 * @param max cap of the bound
 * @param onTimeout whether an attempt that ran into {@code run_timeout} is retried
 */
public record RetryPolicy(Duration base, double factor, Duration max, boolean onTimeout) {

  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofSeconds(1), 2, Duration.ofMinutes(5), true);

  public RetryPolicy {
    if (base.isNegative() || max.compareTo(base) < 0 || !(factor >= 1)) {
      throw new IllegalArgumentException("retry needs 0 <= base <= max and factor >= 1");
    }
  }

  /** The largest wait after the given number of failed attempts, at least 1. */
  public Duration bound(int failedAttempts) {
    double bound = (double) base.toMillis() * Math.pow(factor, failedAttempts - 1.0);
    return Duration.ofMillis((long) Math.min(bound, (double) max.toMillis()));
  }

  /** A wait drawn evenly between zero and {@link #bound}. */
  public Duration wait(int failedAttempts, RandomGenerator random) {
    return Duration.ofMillis(random.nextLong(bound(failedAttempts).toMillis() + 1));
  }
}
