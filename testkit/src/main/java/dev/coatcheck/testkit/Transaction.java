package dev.coatcheck.testkit;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.testkit.Agenda.Upkeep;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One change to the table: its time, what it has to tell, and what all moves are made of. */
final class Transaction {

  final Table table;
  final Instant now;
  final Hints.Told told = new Hints.Told();

  Transaction(Table table, Instant now) {
    this.table = table;
    this.now = now;
  }

  @Nullable Row held(LeaseToken lease) {
    Row row = table.rows.get(lease.job());
    return row != null && row.heldBy(lease) ? row : null;
  }

  void tellChange(Row row) {
    told.changes.add(new Hints.Change(row.id(), row.phase));
    if (row.followers != null && !row.phase.done()) {
      row.followers.forEach(
          follower -> told.changes.add(new Hints.Change(follower.id(), row.phase)));
    }
  }

  void tellWorkIfReady(String worker) {
    if (!table.ready(worker).isEmpty()) {
      told.work.add(worker);
    }
  }

  /** Takes a row out before a move. One that leaves a place free lets others have it. */
  void take(Row row) {
    table.take(row);
    if (row.phase == Phase.RUNNING && table.limited(row.worker())) {
      tellWorkIfReady(row.worker());
    }
  }

  void put(Row row) {
    table.put(row);
    tellChange(row);
    if (row.phase == Phase.READY) {
      told.work.add(row.worker());
    }
    told.due(Upkeep.of(row.phase), row.wakeAt());
  }

  /** How a grant ended, or what its suspension came to. */
  record Close(
      Attempt.State state,
      @Nullable JobError error,
      @Nullable WaitReason reason,
      @Nullable Instant nextAttemptAt) {

    static Close of(Attempt.State state, @Nullable JobError error) {
      return new Close(state, error, null, null);
    }
  }

  /** Closes the grant of a running or suspended job. Call before the fence is raised. */
  void close(Row row, Close close) {
    GrantRow grant = row.last();
    if (row.phase == Phase.RUNNING) {
      grant.finishedAt = now;
      row.spent = row.spent.plus(grant.usage);
    }
    grant.state = close.state();
    grant.error = close.error();
    grant.waitReason = close.reason();
    grant.nextAttemptAt = close.nextAttemptAt();
    row.leaseUntil = null;
    row.suspension = null;
    row.suspendedUntil = null;
  }

  /** The attempt gave an answer: what it was to go on with has served. */
  void spendResume(Row row) {
    row.pending = null;
    GrantRow from = row.last().givenFrom;
    if (from != null) {
      from.spendCallback();
    }
  }

  /** Puts a job that nobody holds into the queue: waiting with a reason, else ready. */
  void queue(Row row, @Nullable WaitReason reason, @Nullable Instant next, boolean keepAttempt) {
    row.phase = reason == null ? Phase.READY : Phase.WAITING;
    row.waitReason = reason;
    row.nextAttemptAt = next;
    row.readyAt = reason == null ? now : null;
    row.keepAttempt = keepAttempt;
    row.raiseFence();
    row.tellStatus(now);
    put(row);
  }

  /** An attempt failed and another follows after the wait. */
  void backOff(Row row, Attempt.State state, JobError error, Instant next) {
    take(row);
    spendResume(row);
    close(row, new Close(state, error, WaitReason.BACKOFF, next));
    row.tellFailure(now, error, next);
    queue(row, WaitReason.BACKOFF, next, false);
  }

  /** Makes an open job final; {@code how} tells how its grant ended, if it has one. */
  Optional<DeadLetter> end(Row row, Phase to, @Nullable Close how, Ended ended) {
    take(row);
    if (how != null && (row.phase == Phase.RUNNING || row.phase == Phase.SUSPENDED)) {
      close(row, how);
      if (how.error() != null) {
        row.tellFailure(now, how.error(), null);
      }
    }
    row.phase = to;
    row.waitReason = null;
    row.nextAttemptAt = null;
    row.raiseFence();
    row.error = ended.error();
    row.output = ended.success() == null ? null : ended.success().output();
    row.files = ended.success() == null ? row.files : ended.success().files();
    row.finishedAt = now;
    WorkerSpec spec = table.workers.current(row.worker());
    row.expiresAt = now.plus(spec.retention().of(to.status()));
    if (row.shared()) {
      row.expiresAt = row.expiresAt.plus(KEPT_LONGER);
    }
    if (row.born.uniqueKey() != null) {
      table.unique.remove(new Table.Unique(row.born.tenant(), row.worker(), row.born.uniqueKey()));
    }
    row.tellDone(now);
    put(row);
    share(row);
    return row.shared() ? Optional.empty() : deadLetter(row, spec, ended.error());
  }

  /** A job that others may share something of has ended. */
  private void share(Row row) {
    Reuse reuse = row.born.reuse();
    if (reuse == null) {
      return;
    }
    Table.Key likeness = new Table.Key(row.born.tenant().shown(), reuse.likeness());
    if (row.phase == Phase.SUCCEEDED && reuse.keep() != null && row.flight == null) {
      table.answers.put(likeness, new Table.Kept(row, now.plus(reuse.keep())));
    }
    if (row.shared()) {
      table.flights.remove(likeness);
      table.landings.add(row);
      told.due(Upkeep.STAGE, now);
    }
  }

  /** Gives a job the outcome of the run that it shares. */
  void land(Row row, Row run, boolean pays) {
    take(row);
    row.phase = run.phase;
    row.waitReason = null;
    row.fence = run.fence;
    row.attempt = run.attempt;
    row.startedAt = run.startedAt == null ? null : later(run.startedAt, row.id().createdAt());
    row.output = run.output;
    row.files = run.files;
    row.error = run.error;
    row.spent = pays ? run.spent : Usage.NONE;
    row.finishedAt = now;
    WorkerSpec spec = table.workers.current(row.worker());
    row.expiresAt = now.plus(spec.retention().of(run.phase.status()));
    if (row.born.uniqueKey() != null) {
      table.unique.remove(new Table.Unique(row.born.tenant(), row.worker(), row.born.uniqueKey()));
    }
    put(row);
    deadLetter(row, spec, run.error);
  }

  static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** Lets a job share its run no longer, before it ends by itself; the run, if there is one. */
  @Nullable Row leave(Row row) {
    Row run = row.flight;
    if (run != null) {
      Objects.requireNonNull(run.followers).remove(row);
      row.fence = run.fence;
      row.attempt = run.attempt;
      row.startedAt = run.startedAt == null ? null : later(run.startedAt, row.id().createdAt());
      row.flight = null;
      row.events.add(
          new JobEvent.Status(
              EventId.ofStatus(1),
              row.id().createdAt(),
              JobStatus.QUEUED,
              WaitReason.COALESCED,
              0));
    }
    return run;
  }

  private static final Duration KEPT_LONGER = Duration.ofHours(1);

  /** What an end leaves with the job. */
  record Ended(@Nullable JobError error, Outcome.@Nullable Succeeded success) {

    static Ended with(JobError error) {
      return new Ended(error, null);
    }
  }

  private Optional<DeadLetter> deadLetter(Row row, WorkerSpec spec, @Nullable JobError error) {
    Optional<DeadLetter> letter =
        error == null || !spec.deadLetters()
            ? Optional.empty()
            : DeadLetter.of(row.worker(), row.phase.status(), error);
    letter.ifPresent(dead -> table.deadLetter(row, dead));
    return letter;
  }
}
