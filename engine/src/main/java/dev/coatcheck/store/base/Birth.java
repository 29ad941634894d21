package dev.coatcheck.store.base;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobTimes;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.NewJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a new job begins.
 *
 * @param now when it is stored
 * @param wakeAt when upkeep has something to do with it; null for one that runs in the process that
 *     stores it
 */
public record Birth(
    NewJob job,
    Instant now,
    Phase phase,
    @Nullable Instant runAt,
    @Nullable Instant queueTimeoutAt,
    Instant deadlineAt,
    @Nullable Instant wakeAt) {

  /** Ready, or waiting for its time. */
  public static Birth of(NewJob job, Instant now) {
    Instant runAt = runAt(job, now);
    boolean waits = runAt != null && runAt.isAfter(now);
    Instant startable = waits ? Objects.requireNonNull(runAt) : now;
    Duration queueTimeout = job.queueTimeout();
    Instant queueTimeoutAt = queueTimeout == null ? null : Millis.of(startable.plus(queueTimeout));
    Instant deadlineAt = Millis.of(now.plus(job.deadline()));
    Instant wakeAt = waits && startable.isBefore(deadlineAt) ? startable : deadlineAt;
    if (queueTimeoutAt != null && queueTimeoutAt.isBefore(wakeAt)) {
      wakeAt = queueTimeoutAt;
    }
    Phase phase = waits ? Phase.WAITING : Phase.READY;
    return new Birth(job, now, phase, runAt, queueTimeoutAt, deadlineAt, wakeAt);
  }

  private static @Nullable Instant runAt(NewJob job, Instant now) {
    Duration delay = job.delay();
    if (delay != null && delay.isPositive()) {
      return Millis.of(now.plus(delay));
    }
    return job.runAt() == null ? null : Millis.of(job.runAt());
  }

  /** The same job, started at once by the process that stores it. */
  public Birth started() {
    return new Birth(job, now, Phase.RUNNING, runAt, queueTimeoutAt, deadlineAt, null);
  }

  /** The same job, sharing the run of another. */
  public Birth following() {
    Instant wake =
        queueTimeoutAt != null && queueTimeoutAt.isBefore(deadlineAt) ? queueTimeoutAt : deadlineAt;
    return new Birth(job, now, Phase.FOLLOWING, runAt, queueTimeoutAt, deadlineAt, wake);
  }

  /** Why it is queued and not ready; null for any other. */
  public @Nullable WaitReason waitReason() {
    return switch (phase) {
      case WAITING -> WaitReason.SCHEDULED;
      case FOLLOWING -> WaitReason.COALESCED;
      default -> null;
    };
  }

  public boolean waits() {
    return phase == Phase.WAITING;
  }

  public boolean runs() {
    return phase == Phase.RUNNING;
  }

  public long fence() {
    return runs() ? 2 : 1;
  }

  public int attempt() {
    return runs() ? 1 : 0;
  }

  public @Nullable Instant nextAttemptAt() {
    return waits() ? runAt : null;
  }

  /** When its first attempt began. */
  public @Nullable Instant startedAt() {
    return runs() ? now : null;
  }

  /** The job as it is stored. */
  public Job stored() {
    JobTimes times =
        new JobTimes(
            runAt,
            nextAttemptAt(),
            startedAt(),
            startedAt(),
            null,
            job.runTimeout(),
            queueTimeoutAt,
            deadlineAt,
            null);
    return new Job(
        job.id(),
        job.tenant(),
        job.worker(),
        job.workerVersion(),
        phase,
        waitReason(),
        fence(),
        attempt(),
        job.maxAttempts(),
        job.priority(),
        job.lane(),
        job.input(),
        null,
        null,
        null,
        Usage.NONE,
        times,
        job.metadata(),
        job.retryOf(),
        null,
        job.lineage(),
        job.occasion(),
        null,
        List.of(),
        false,
        null);
  }

  /** The grant of a job that was started. */
  public Grant grant(LeaseToken token) {
    return new Grant(
        token,
        job.tenant(),
        job.worker(),
        job.workerVersion(),
        attempt(),
        job.maxAttempts(),
        1,
        0,
        job.priority(),
        job.input(),
        job.metadata(),
        now,
        job.runTimeout(),
        deadlineAt,
        null,
        null,
        null);
  }
}
