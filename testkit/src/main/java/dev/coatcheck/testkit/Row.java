package dev.coatcheck.testkit;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.CancelReceipt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobTimes;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.NewJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One job of the in-memory store, with its whole history. */
final class Row {

  final long seq;
  final NewJob born;
  final @Nullable Instant runAt;
  final @Nullable Instant queueTimeoutAt;
  final Instant deadlineAt;
  final List<JobEvent> events = new ArrayList<>();
  final List<Attempt> attempts = new ArrayList<>();
  final List<Table.Key> keys = new ArrayList<>();

  Phase phase = Phase.READY;
  @Nullable WaitReason waitReason;
  @Nullable Instant nextAttemptAt;
  @Nullable Instant readyAt;
  long fence = 1;
  int attempt;
  boolean keepAttempt;
  int lost;
  @Nullable Instant startedAt;
  @Nullable Instant attemptStartedAt;
  @Nullable Instant finishedAt;
  @Nullable Instant expiresAt;
  @Nullable RunnerId runner;
  @Nullable LeaseToken lease;
  @Nullable Instant leaseUntil;
  boolean local;
  @Nullable Payload output;
  @Nullable JobError error;
  @Nullable Progress progress;
  Usage usage = Usage.NONE;
  Usage spent = Usage.NONE;
  @Nullable JobId retriedBy;
  @Nullable CancelReceipt cancel;
  long notes;
  long chunks;

  Row(long seq, NewJob born, @Nullable Instant runAt, Instant now) {
    this.seq = seq;
    this.born = born;
    this.runAt = runAt;
    Instant startable = runAt != null && runAt.isAfter(now) ? runAt : now;
    queueTimeoutAt = born.queueTimeout() == null ? null : startable.plus(born.queueTimeout());
    deadlineAt = now.plus(born.deadline());
  }

  JobId id() {
    return born.id();
  }

  /** The instant at which upkeep next has something to do with this job; null for none. */
  @Nullable Instant wakeAt() {
    return switch (phase) {
      case READY -> earlier(deadlineAt, queueClock());
      case WAITING -> earlier(earlier(deadlineAt, queueClock()), nextAttemptAt);
      case RUNNING -> leaseUntil;
      case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> expiresAt;
    };
  }

  /** The queue_timeout, which ends with the first attempt that counts. */
  @Nullable Instant queueClock() {
    boolean counted = attempt - (keepAttempt ? 1 : 0) > 0;
    return counted ? null : queueTimeoutAt;
  }

  boolean heldBy(LeaseToken token) {
    return phase == Phase.RUNNING && token.equals(lease);
  }

  Instant startable() {
    return runAt != null && runAt.isAfter(born.id().createdAt()) ? runAt : born.id().createdAt();
  }

  /** Records how the current grant ended. Call before the fence is raised. */
  void endAttempt(
      Attempt.State state,
      Instant now,
      @Nullable JobError cause,
      @Nullable WaitReason reason,
      @Nullable Instant next) {
    attempts.add(attemptNow(state, now, cause, reason, next));
    spent = sum(spent, usage);
    usage = Usage.NONE;
  }

  Attempt attemptNow(
      Attempt.State state,
      @Nullable Instant finished,
      @Nullable JobError cause,
      @Nullable WaitReason reason,
      @Nullable Instant next) {
    Instant started = Objects.requireNonNull(attemptStartedAt);
    String by = Objects.requireNonNull(runner).toString();
    return new Attempt(attempt, fence, state, by, started, finished, cause, usage, reason, next);
  }

  void tellFailure(Instant now, JobError cause, @Nullable Instant next) {
    events.add(new JobEvent.AttemptFailed(EventId.ofFailure(fence), now, cause, next));
  }

  void tellStatus(Instant now) {
    events.add(
        new JobEvent.Status(EventId.ofStatus(fence), now, phase.status(), waitReason, attempt));
  }

  void tellDone(Instant now) {
    events.add(new JobEvent.Done(EventId.ofStatus(fence), now, phase.status(), output, error));
  }

  Grant grant(Instant now) {
    return new Grant(
        Objects.requireNonNull(lease),
        born.tenant(),
        born.worker(),
        born.workerVersion(),
        attempt,
        born.maxAttempts(),
        born.priority(),
        born.input(),
        born.metadata(),
        now,
        born.runTimeout(),
        deadlineAt);
  }

  Job job(boolean payloads) {
    JobTimes times =
        new JobTimes(
            runAt,
            phase == Phase.WAITING ? nextAttemptAt : null,
            startedAt,
            phase == Phase.RUNNING ? attemptStartedAt : null,
            finishedAt,
            born.runTimeout(),
            queueTimeoutAt,
            deadlineAt,
            expiresAt);
    return new Job(
        id(),
        born.tenant(),
        born.worker(),
        born.workerVersion(),
        phase,
        waitReason,
        fence,
        attempt,
        born.maxAttempts(),
        born.priority(),
        born.lane(),
        payloads ? born.input() : Payload.EMPTY,
        payloads ? output : null,
        error,
        progress,
        sum(spent, usage),
        times,
        born.metadata(),
        born.retryOf(),
        retriedBy,
        born.lineage(),
        cancel);
  }

  static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isAfter(b) ? b : a;
  }

  /** What {@code later} says, and {@code earlier} where it is silent. */
  static Usage replaced(Usage earlier, Usage later) {
    return new Usage(
        later.inputTokens() == null ? earlier.inputTokens() : later.inputTokens(),
        later.outputTokens() == null ? earlier.outputTokens() : later.outputTokens(),
        later.costMicros() == null ? earlier.costMicros() : later.costMicros());
  }

  private static Usage sum(Usage a, Usage b) {
    return new Usage(
        sum(a.inputTokens(), b.inputTokens()),
        sum(a.outputTokens(), b.outputTokens()),
        sum(a.costMicros(), b.costMicros()));
  }

  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a + b;
  }
}
