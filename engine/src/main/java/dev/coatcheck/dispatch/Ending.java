package dev.coatcheck.dispatch;

import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.worker.RetryPolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides whether an attempt that went wrong is followed by another or ends the job. */
final class Ending {

  private Ending() {}

  static Command ofFailure(
      Grant grant, RetryPolicy retry, WorkFailure failure, RandomGenerator random) {
    JobError error =
        new JobError(
            failure.code(),
            failure.text(),
            failure.retryable(),
            grant.attempt(),
            failure.upstream());
    return ofError(grant, retry, error, failure.usage(), failure.retryAfter(), random);
  }

  static Command ofRunTimeout(Grant grant, RetryPolicy retry, Usage usage, RandomGenerator random) {
    String message = "the attempt ran longer than " + grant.runTimeout().toMillis() + " ms";
    JobError error =
        JobError.of(ErrorCode.RUN_TIMEOUT, message, retry.onTimeout(), grant.attempt());
    return ofError(grant, retry, error, usage, null, random);
  }

  static Command ofDeadline(Grant grant, Usage usage) {
    JobError error =
        JobError.of(
            ErrorCode.DEADLINE, "the job was not done by its deadline", false, grant.attempt());
    return new Command.Settle(grant.token(), new Outcome.TimedOut(error, usage));
  }

  private static Command ofError(
      Grant grant,
      RetryPolicy retry,
      JobError error,
      Usage usage,
      @Nullable Duration retryAfter,
      RandomGenerator random) {
    if (!error.retryable() || grant.attempt() >= grant.maxAttempts()) {
      return new Command.Settle(grant.token(), Outcome.unsuccessful(error, usage));
    }
    Duration jittered = retry.wait(grant.attempt(), random);
    Duration wait = retryAfter == null ? jittered : retryAfter.plus(jittered.dividedBy(10));
    return new Command.Park(grant.token(), new Parking.Backoff(error, usage, wait));
  }
}
