package dev.coatcheck.testkit;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.CancelReceipt;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobTimes;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Reader.Finished;
import dev.coatcheck.store.base.Following;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** One job of the in-memory store, with its whole history. */
final class Row {

  private static final Duration LEAST = Duration.ofMillis(1);

  /** What the next grant goes on with, apart from the callback, which is looked up then. */
  record Pending(Resume.Reason reason, @Nullable Payload state) {}

  final long seq;
  final NewJob born;
  final @Nullable Instant runAt;
  final @Nullable Instant queueTimeoutAt;
  final Instant deadlineAt;
  final List<JobEvent> events = new ArrayList<>();
  final List<GrantRow> grants = new ArrayList<>();
  final List<Table.Key> keys = new ArrayList<>();

  Phase phase = Phase.READY;
  @Nullable WaitReason waitReason;
  @Nullable Instant nextAttemptAt;
  @Nullable Instant readyAt;
  long fence = 1;
  int attempt;
  boolean keepAttempt;
  @Nullable Instant startedAt;
  @Nullable Instant finishedAt;
  @Nullable Instant expiresAt;
  @Nullable Instant leaseUntil;
  boolean local;

  /** How long the present attempt executed in grants that ended by suspend. */
  Duration executed = Duration.ZERO;

  @Nullable Suspension suspension;
  @Nullable Instant suspendedUntil;
  @Nullable Pending pending;
  @Nullable Payload output;
  @Nullable JobError error;
  @Nullable Progress progress;
  Usage spent = Usage.NONE;
  List<FileId> files = List.of();
  @Nullable JobId retriedBy;

  /** The run that this job shares, or shared to its end. */
  @Nullable Row flight;

  /** Which job began the run that this one is or shares. */
  @Nullable JobId lead;

  /** Of a run: who shares it, the oldest first; null for any other job. */
  @Nullable Set<Row> followers;

  boolean cached;

  /** Of a run: whether what it used is counted with one of those who shared it. */
  boolean paid;

  @Nullable CancelReceipt cancel;
  long notes;
  long chunks;

  /** The priority that the job has now. */
  int urgency;

  Row(long seq, NewJob born, @Nullable Instant runAt, Instant now) {
    this.seq = seq;
    this.born = born;
    this.runAt = runAt;
    Instant startable = runAt != null && runAt.isAfter(now) ? runAt : now;
    queueTimeoutAt = born.queueTimeout() == null ? null : startable.plus(born.queueTimeout());
    deadlineAt = now.plus(born.deadline());
    urgency = born.priority();
  }

  JobId id() {
    return born.id();
  }

  String lane() {
    return born.lane();
  }

  String worker() {
    return born.worker();
  }

  /** The instant at which upkeep next has something to do with this job; null for none. */
  @Nullable Instant wakeAt() {
    return switch (phase) {
      case READY -> earlier(deadlineAt, queueClock());
      case FOLLOWING -> earlier(deadlineAt, queueClock());
      case WAITING -> earlier(earlier(deadlineAt, queueClock()), nextAttemptAt);
      case RUNNING -> local ? leaseUntil : earlier(earlier(deadlineAt, runUntil()), leaseUntil);
      case SUSPENDED -> earlier(deadlineAt, suspendedUntil);
      case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> expiresAt;
    };
  }

  /** The queue_timeout, which ends with the first attempt that counts; a suspended one does. */
  @Nullable Instant queueClock() {
    boolean counted =
        (flight != null && flight.startedAt != null)
            || attempt - (keepAttempt ? 1 : 0) > 0
            || grants.stream().anyMatch(grant -> grant.state == Attempt.State.SUSPENDED);
    return counted ? null : queueTimeoutAt;
  }

  /** What is left of the attempt's executing time when a grant starts. */
  Duration runTimeLeft() {
    Duration left = born.runTimeout().minus(executed);
    return left.compareTo(LEAST) < 0 ? LEAST : left;
  }

  /** When the running grant reaches its run timeout. */
  Instant runUntil() {
    return last().startedAt.plus(runTimeLeft());
  }

  GrantRow last() {
    return grants.getLast();
  }

  boolean heldBy(LeaseToken token) {
    return phase == Phase.RUNNING && token.equals(last().token);
  }

  Optional<GrantRow> grant(LeaseToken token) {
    return grants.stream().filter(grant -> grant.token.equals(token)).findFirst();
  }

  /** The grant with the callback that is given next: of all that are not spent, the oldest. */
  Optional<GrantRow> unspentCallback() {
    return grants.stream()
        .filter(GrantRow::hasUnspentCallback)
        .min(Comparator.comparing(grant -> Objects.requireNonNull(grant.taken).at()));
  }

  void raiseFence() {
    fence++;
    notes = 0;
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

  /** Adds a note under the present fence; those beyond the places there are get lost. */
  void tellNote(LongFunction<JobEvent> event) {
    if (notes < EventId.REPORTS_MAX) {
      notes++;
      events.add(event.apply(EventId.ofStatus(fence) + notes));
    }
  }

  Usage usage() {
    return phase == Phase.RUNNING ? spent.plus(last().usage) : spent;
  }

  Finished finished() {
    Instant ended = Objects.requireNonNull(finishedAt);
    Instant created = born.id().createdAt();
    Instant startable = runAt != null && runAt.isAfter(created) ? runAt : created;
    Duration waited = Duration.between(startable, startedAt == null ? ended : startedAt);
    Duration ran = grants.isEmpty() ? null : Duration.between(last().startedAt, ended);
    return new Finished(worker(), phase, ended, waited.isNegative() ? Duration.ZERO : waited, ran);
  }

  Job job(boolean payloads) {
    Job own = own(payloads);
    return flight == null ? own : Following.view(own, flight.own(false));
  }

  private Job own(boolean payloads) {
    return new Job(
        id(),
        born.tenant(),
        worker(),
        born.workerVersion(),
        phase,
        waitReason,
        fence,
        attempt,
        born.maxAttempts(),
        urgency,
        born.lane(),
        payloads ? born.input() : Payload.EMPTY,
        payloads ? output : null,
        error,
        progress,
        usage(),
        times(),
        born.metadata(),
        born.retryOf(),
        retriedBy,
        born.lineage(),
        born.occasion(),
        cancel,
        files,
        cached,
        id().equals(lead) ? null : lead);
  }

  /** Whether others share it. */
  boolean shared() {
    return followers != null;
  }

  private JobTimes times() {
    return new JobTimes(
        runAt,
        phase == Phase.WAITING ? nextAttemptAt : null,
        startedAt,
        phase == Phase.RUNNING ? last().startedAt : null,
        finishedAt,
        born.runTimeout(),
        queueTimeoutAt,
        deadlineAt,
        expiresAt);
  }

  static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isAfter(b) ? b : a;
  }
}
