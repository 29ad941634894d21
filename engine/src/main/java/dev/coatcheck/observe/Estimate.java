package dev.coatcheck.observe;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.Phase;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a job is likely to be done, from what its worker did lately.
 *
 * @param finishAt the likely instant
 * @param low remaining time if it goes as usual
 * @param high remaining time if it goes as slowly as one in twenty
 */
public record Estimate(Instant finishAt, Duration low, Duration high) {

  private static final Duration POLL_MAX = Duration.ofMinutes(10);
  private static final Duration POLL_UNKNOWN = Duration.ofSeconds(2);

  /** Empty without history, and for a job that is done. */
  public static Optional<Estimate> of(
      Job job, WorkerStats stats, int ahead, int concurrency, Instant now) {
    if (job.done() || !stats.hasDurations()) {
      return Optional.empty();
    }
    long elapsed = elapsed(job, now);
    long before = untilStart(job, now) + ahead * stats.ran().mean() / concurrency;
    long low = before + Math.max(0, stats.ran().p50() - elapsed);
    long high = Math.max(low, before + Math.max(0, stats.ran().p95() - elapsed));
    return Optional.of(
        new Estimate(now.plusMillis(low), Duration.ofMillis(low), Duration.ofMillis(high)));
  }

  /**
   * When the caller should look again, in whole seconds from 1 to 600: after the time that half of
   * the jobs take; past that, after the time that 19 of 20 take; past that, a tenth of the former.
   */
  public static Duration nextPoll(Job job, WorkerStats stats, WorkerSpec spec, Instant now) {
    long wait = untilStart(job, now) + remaining(job, stats, spec.expectedDuration(), now);
    long seconds = Math.ceilDiv(wait, 1000);
    return Duration.ofSeconds(Math.clamp(seconds, 1, POLL_MAX.toSeconds()));
  }

  private static long remaining(
      Job job, WorkerStats stats, @Nullable Duration expected, Instant now) {
    if (!stats.hasDurations()) {
      Duration unknown = expected == null ? POLL_UNKNOWN : expected;
      return Math.max(POLL_UNKNOWN.toMillis(), unknown.toMillis() - elapsed(job, now));
    }
    long elapsed = elapsed(job, now);
    long p50 = stats.ran().p50();
    long p95 = stats.ran().p95();
    if (elapsed < p50) {
      return p50 - elapsed;
    }
    return elapsed < p95 ? p95 - elapsed : p50 / 10;
  }

  private static long elapsed(Job job, Instant now) {
    Instant started = job.times().attemptStartedAt();
    return job.phase() != Phase.RUNNING || started == null
        ? 0
        : Math.max(0, Duration.between(started, now).toMillis());
  }

  private static long untilStart(Job job, Instant now) {
    Instant next = job.times().nextAttemptAt();
    return next == null ? 0 : Math.max(0, Duration.between(now, next).toMillis());
  }
}
