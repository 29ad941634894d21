package dev.coatcheck.report;

import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.worker.RetryPolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an attempt that went wrong is followed by another or ends the job.
 *
 * @param retry of the version of the worker that the job is pinned to
 */
public record Ending(LeaseToken lease, int attempt, int maxAttempts, RetryPolicy retry) {

  /** The attempt failed by its own account. */
  public Command ofFailure(WorkFailure failure, RandomGenerator random) {
    JobError error =
        new JobError(
            failure.code(), failure.text(), failure.retryable(), attempt, failure.upstream());
    return ofError(error, failure.usage(), failure.retryAfter(), random);
  }

  /** The attempt executed for longer than it may. */
  public Command ofRunTimeout(Duration runTimeout, Usage usage, RandomGenerator random) {
    String message = "the attempt ran longer than " + runTimeout.toMillis() + " ms";
    JobError error = JobError.of(ErrorCode.RUN_TIMEOUT, message, retry.onTimeout(), attempt);
    return ofError(error, usage, null, random);
  }

  /** The job is past its deadline. */
  public Command ofDeadline(Usage usage) {
    String message = "the job was not done by its deadline";
    JobError error = JobError.of(ErrorCode.DEADLINE, message, false, attempt);
    return new Command.Settle(lease, new Outcome.TimedOut(error, usage));
  }

  private Command ofError(
      JobError error, Usage usage, @Nullable Duration retryAfter, RandomGenerator random) {
    if (!error.retryable() || attempt >= maxAttempts) {
      return new Command.Settle(lease, Outcome.unsuccessful(error, usage));
    }
    Duration jittered = retry.wait(attempt, random);
    Duration wait = retryAfter == null ? jittered : retryAfter.plus(jittered.dividedBy(10));
    return new Command.Park(lease, new Parking.Backoff(error, usage, wait));
  }
}
