package dev.coatcheck.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The instants and clocks of a job.
 *
 * @param runAt when the caller wanted it to start; null for at once
 * @param nextAttemptAt when a waiting job becomes ready
 * @param startedAt when the first attempt started
 * @param attemptStartedAt when the running attempt started
 * @param runTimeout bound of the executing time of one attempt
 * @param queueTimeoutAt not started by then: timed out
 * @param deadlineAt not done by then: timed out
 * @param expiresAt when a finished job may be pruned
 */
public record JobTimes(
    @Nullable Instant runAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant startedAt,
    @Nullable Instant attemptStartedAt,
    @Nullable Instant finishedAt,
    Duration runTimeout,
    @Nullable Instant queueTimeoutAt,
    @Nullable Instant deadlineAt,
    @Nullable Instant expiresAt) {

  /** The same without a next attempt. */
  public JobTimes withoutNext() {
    return new JobTimes(
        runAt,
        null,
        startedAt,
        attemptStartedAt,
        finishedAt,
        runTimeout,
        queueTimeoutAt,
        deadlineAt,
        expiresAt);
  }
}
