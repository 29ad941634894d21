package dev.coatcheck.observe;

import java.time.Duration;

/**
 * What a worker did lately.
 *
 * @param window the time the figures are from; zero when they are the last jobs, however old
 * @param finished jobs that ended, canceled ones left out
 * @param successRate share of them that succeeded, 0 to 1; 1 with none
 * @param ran durations of the successful jobs, in milliseconds
 * @param waited times from when a job could start to its first attempt, in milliseconds
 */
public record WorkerStats(
    Duration window, long finished, double successRate, Spread ran, Spread waited) {

  /**
   * How values are spread.
   *
   * @param count values it is made from; with 0 the others say nothing
   */
  public record Spread(long count, long mean, long p50, long p95) {}

  /** Whether there is any history to tell durations from. */
  public boolean hasDurations() {
    return ran.count() > 0;
  }
}
