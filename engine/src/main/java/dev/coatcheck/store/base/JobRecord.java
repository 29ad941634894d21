package dev.coatcheck.store.base;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.RunnerId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a store keeps of a job: the job itself, and what its last grant needs to be told.
 *
 * @param scheduled whether it waited for its time when it was submitted
 * @param attemptStartedAt of the last grant, ended or not
 * @param runner who holds the job or held it when it ended; null if it ended in the queue
 * @param lastUsage of the last grant
 * @param flight the run that the job shares, or shared to its end; null for none
 */
public record JobRecord(
    Job job,
    boolean scheduled,
    @Nullable Instant attemptStartedAt,
    @Nullable RunnerId runner,
    Usage lastUsage,
    @Nullable JobId flight) {

  /** The grant that holds the job, or held it when it ended; null if there is none. */
  public @Nullable Attempt lastGrant() {
    if (runner == null) {
      return null;
    }
    Attempt.State state = lastState();
    boolean told = state != Attempt.State.RUNNING && state != Attempt.State.CANCELED;
    return new Attempt(
        job.attempt(),
        job.done() ? job.fence() - 1 : job.fence(),
        state,
        runner.toString(),
        Objects.requireNonNull(attemptStartedAt),
        job.times().finishedAt(),
        told ? job.error() : null,
        lastUsage,
        false,
        null,
        null);
  }

  private Attempt.State lastState() {
    JobError error = job.error();
    return switch (job.phase()) {
      case SUCCEEDED -> Attempt.State.SUCCEEDED;
      case TIMED_OUT -> Attempt.State.TIMED_OUT;
      case CANCELED -> Attempt.State.CANCELED;
      case FAILED ->
          error != null && error.code() == ErrorCode.RUNNER_LOST
              ? Attempt.State.LOST
              : Attempt.State.FAILED;
      case READY, WAITING, FOLLOWING, RUNNING, SUSPENDED -> Attempt.State.RUNNING;
    };
  }
}
