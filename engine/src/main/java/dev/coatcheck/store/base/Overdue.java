package dev.coatcheck.store.base;

import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobError;
import java.time.Duration;

/** What a store says of jobs and attempts that it ends itself. */
public final class Overdue {

  private Overdue() {}

  public static JobError neverStarted(int attempt) {
    return JobError.of(ErrorCode.QUEUE_TIMEOUT, "the job did not start in time", true, attempt);
  }

  /** The deadline came. */
  public static JobError deadline(int attempt, boolean retryable) {
    return JobError.of(
        ErrorCode.DEADLINE, "the job was not done by its deadline", retryable, attempt);
  }

  public static JobError runTimeout(int attempt, Duration timeout, boolean retryable) {
    String message = "the attempt ran longer than " + timeout.toMillis() + " ms";
    return JobError.of(ErrorCode.RUN_TIMEOUT, message, retryable, attempt);
  }

  public static JobError noCallback(int attempt, Duration timeout) {
    String message = "no callback came within " + timeout.toMillis() + " ms";
    return JobError.of(ErrorCode.CALLBACK_TIMEOUT, message, true, attempt);
  }

  public static JobError runnerLost(int attempt) {
    return JobError.of(ErrorCode.RUNNER_LOST, "the runner stopped without a word", true, attempt);
  }

  public static JobError canceled(int attempt) {
    return JobError.of(ErrorCode.CANCELED, "the job was canceled", false, attempt);
  }
}
