package dev.coatcheck.testkit;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.event.Note;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.CancelReceipt;
import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.testkit.Table.Upkeep;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The moves of jobs within one transaction. */
final class Steps {

  private final Table table;
  private final Instant now;
  private final Hints.Told told = new Hints.Told();

  Steps(Table table, Instant now) {
    this.table = table;
    this.now = now;
  }

  /** The time of the transaction. */
  Instant now() {
    return now;
  }

  Hints.Told told() {
    return told;
  }

  Result addFile(StoredFile file) {
    table.files.put(file.id(), file);
    told.due(Upkeep.PRUNE, file.expiresAt());
    return new Result.FileAdded();
  }

  Result.SubmitResult submit(NewJob job, @Nullable LocalHolder start) {
    Idempotency key = job.idempotency();
    if (key != null) {
      Table.Remembered before = table.remembered(job.tenant(), key);
      if (before != null) {
        return before.fingerprint().equals(key.fingerprint())
            ? new Result.Replayed(before.job())
            : new Result.KeyReused(before.job());
      }
    }
    Row standing = standing(job);
    if (standing != null) {
      remember(job, standing);
      return new Result.Existing(standing.id());
    }
    for (FileId file : job.files()) {
      if (table.file(job.tenant(), file) == null) {
        return new Result.NoSuchFile(file);
      }
    }
    if (table.queued(job.worker()) >= job.queueLimit()) {
      return new Result.QueueFull(job.queueLimit());
    }
    return store(job, start);
  }

  /** The open job that stands for a new one. */
  private @Nullable Row standing(NewJob job) {
    Row original = original(job);
    if (original != null && original.retriedBy != null) {
      Row retry = table.rows.get(original.retriedBy);
      if (retry != null && !retry.phase.done()) {
        return retry;
      }
    }
    return table.holder(job.tenant(), job.worker(), job.uniqueKey());
  }

  private @Nullable Row original(NewJob job) {
    JobId retryOf = job.retryOf();
    return retryOf == null ? null : table.row(job.tenant(), retryOf);
  }

  private void remember(NewJob job, Row answer) {
    Idempotency key = job.idempotency();
    if (key != null) {
      table.remember(
          new Table.Key(job.tenant(), key.key()),
          new Table.Remembered(key.fingerprint(), answer.id(), now, null),
          answer);
    }
  }

  private Result.SubmitResult store(NewJob job, @Nullable LocalHolder start) {
    Row row = new Row(++table.seq, job, runAt(job), now);
    boolean waits = row.runAt != null && row.runAt.isAfter(now);
    if (waits) {
      row.phase = Phase.WAITING;
      row.waitReason = WaitReason.SCHEDULED;
      row.nextAttemptAt = row.runAt;
    } else {
      row.readyAt = now;
    }
    remember(job, row);
    Row original = original(job);
    if (original != null) {
      original.retriedBy = job.id();
      table.closeDeadLetter(original);
    }
    if (job.uniqueKey() != null) {
      table.unique.put(new Table.Unique(job.tenant(), job.worker(), job.uniqueKey()), row);
    }
    table.rows.put(job.id(), row);
    row.events.add(
        new JobEvent.Status(
            EventId.ofStatus(1), job.id().createdAt(), row.phase.status(), row.waitReason, 0));
    if (start != null && !waits && table.ready(job.worker()).isEmpty()) {
      grant(row, start.runner(), start.secretHigh(), start.secretLow(), null);
      return new Result.Started(row.job(true), row.grant(now));
    }
    put(row);
    return new Result.Accepted(row.job(true));
  }

  /** Who gets the job that starts with its submission. */
  record LocalHolder(RunnerId runner, long secretHigh, long secretLow) {}

  private @Nullable Instant runAt(NewJob job) {
    Duration delay = job.delay();
    if (delay != null && delay.isPositive()) {
      return InMemoryStore.millis(now.plus(delay));
    }
    Instant runAt = job.runAt();
    return runAt == null ? null : InMemoryStore.millis(runAt);
  }

  /** Starts an attempt of a row that is in no index. */
  Grant grant(Row row, RunnerId runner, long high, long low, @Nullable Instant leaseUntil) {
    row.phase = Phase.RUNNING;
    row.waitReason = null;
    row.nextAttemptAt = null;
    row.fence++;
    if (!row.keepAttempt) {
      row.attempt++;
    }
    row.keepAttempt = false;
    row.runner = runner;
    row.lease = new LeaseToken(row.id(), row.fence, high, low);
    row.leaseUntil = leaseUntil;
    row.local = leaseUntil == null;
    row.attemptStartedAt = now;
    row.startedAt = row.startedAt == null ? now : row.startedAt;
    row.progress = null;
    row.notes = 0;
    row.chunks = 0;
    row.tellStatus(now);
    put(row);
    return row.grant(now);
  }

  Result.SettleResult settle(LeaseToken lease, Outcome outcome) {
    Row row = held(lease);
    if (row == null) {
      return new Result.LeaseLost();
    }
    row.usage = Row.replaced(row.usage, outcome.usage());
    DeadLetter letter =
        switch (outcome) {
          case Outcome.Succeeded succeeded -> {
            end(row, Phase.SUCCEEDED, Attempt.State.SUCCEEDED, null, succeeded.output());
            yield null;
          }
          case Outcome.Failed failed ->
              end(row, Phase.FAILED, Attempt.State.FAILED, failed.error(), null);
          case Outcome.TimedOut timedOut ->
              end(row, Phase.TIMED_OUT, Attempt.State.TIMED_OUT, timedOut.error(), null);
        };
    return new Result.Settled(row.phase, letter != null, now);
  }

  /** Makes an open job final; {@code state} tells how its grant ended, if it has one. */
  private @Nullable DeadLetter end(
      Row row,
      Phase to,
      Attempt.@Nullable State state,
      @Nullable JobError error,
      @Nullable Payload output) {
    table.take(row);
    if (row.phase == Phase.RUNNING) {
      JobError cause = to == Phase.CANCELED ? null : error;
      row.endAttempt(Objects.requireNonNull(state), now, cause, null, null);
      if (cause != null) {
        row.tellFailure(now, cause, null);
      }
    }
    row.phase = to;
    row.waitReason = null;
    row.nextAttemptAt = null;
    row.fence++;
    row.error = error;
    row.output = output;
    row.finishedAt = now;
    row.expiresAt = now.plus(table.retention(row.born.worker()).of(to.status()));
    row.leaseUntil = null;
    if (row.born.uniqueKey() != null) {
      table.unique.remove(
          new Table.Unique(row.born.tenant(), row.born.worker(), row.born.uniqueKey()));
    }
    row.tellDone(now);
    put(row);
    Optional<DeadLetter> letter =
        error == null || !table.keepsDeadLetters(row.born.worker())
            ? Optional.empty()
            : DeadLetter.of(row.born.worker(), to.status(), error);
    letter.ifPresent(dead -> table.deadLetter(row, dead.fingerprint()));
    return letter.orElse(null);
  }

  Result.ParkResult park(LeaseToken lease, Parking parking) {
    Row row = held(lease);
    if (row == null) {
      return new Result.LeaseLost();
    }
    table.take(row);
    switch (parking) {
      case Parking.Backoff backoff -> {
        Instant next = InMemoryStore.millis(now.plus(backoff.delay()));
        boolean timeout = backoff.error().code() == ErrorCode.RUN_TIMEOUT;
        Attempt.State state = timeout ? Attempt.State.TIMED_OUT : Attempt.State.FAILED;
        row.usage = Row.replaced(row.usage, backoff.usage());
        row.endAttempt(state, now, backoff.error(), WaitReason.BACKOFF, next);
        row.tellFailure(now, backoff.error(), next);
        queue(row, WaitReason.BACKOFF, next, false);
      }
      case Parking.Busy busy -> {
        Instant next = InMemoryStore.millis(now.plus(busy.delay()));
        row.endAttempt(Attempt.State.RELEASED, now, null, WaitReason.RATE_LIMITED, next);
        queue(row, WaitReason.RATE_LIMITED, next, true);
      }
      case Parking.Release release -> {
        row.endAttempt(Attempt.State.RELEASED, now, null, null, null);
        queue(row, null, null, true);
      }
    }
    return new Result.Parked(row.nextAttemptAt);
  }

  /** Puts a job whose grant has ended back into the queue: waiting with a reason, else ready. */
  private void queue(
      Row row, @Nullable WaitReason reason, @Nullable Instant next, boolean keepAttempt) {
    row.phase = reason == null ? Phase.READY : Phase.WAITING;
    row.waitReason = reason;
    row.nextAttemptAt = next;
    row.readyAt = reason == null ? now : null;
    row.keepAttempt = keepAttempt;
    row.fence++;
    row.runner = null;
    row.lease = null;
    row.leaseUntil = null;
    row.tellStatus(now);
    put(row);
  }

  Result.AppendResult append(Command.Append command) {
    Row row = held(command.lease());
    if (row == null) {
      return new Result.LeaseLost();
    }
    long chunks = row.chunks;
    for (Note note : command.notes()) {
      if (note instanceof Note.Output output) {
        if (output.offset() > chunks) {
          return new Result.OutputGap(row.chunks);
        }
        chunks = Math.max(chunks, output.offset() + output.chunks().size());
      }
    }
    for (Note note : command.notes()) {
      append(row, note);
    }
    if (command.usage() != null) {
      row.usage = Row.replaced(row.usage, command.usage());
    }
    told.changes.add(new Hints.Change(row.id(), row.phase));
    return new Result.Appended();
  }

  private void append(Row row, Note note) {
    switch (note) {
      case Note.Progressed progressed -> {
        row.progress = progressed.progress();
        record(row, id -> new JobEvent.Progressed(id, now, progressed.progress()));
      }
      case Note.Logged logged ->
          record(row, id -> new JobEvent.Logged(id, now, logged.level(), logged.message()));
      case Note.Output output -> {
        long end = output.offset() + output.chunks().size();
        while (row.chunks < end) {
          long offset = row.chunks++;
          List<String> chunk = List.of(output.chunks().get((int) (offset - output.offset())));
          record(row, id -> new JobEvent.Output(id, now, row.attempt, offset, chunk));
        }
      }
    }
  }

  private static void record(Row row, java.util.function.LongFunction<JobEvent> event) {
    if (row.notes < EventId.REPORTS_MAX) {
      row.notes++;
      row.events.add(event.apply(EventId.ofStatus(row.fence) + row.notes));
    }
  }

  Result.CancelResult cancel(Command.Cancel command) {
    Row row = table.row(command.tenant(), command.job());
    if (row == null) {
      return new Result.NoSuchJob();
    }
    if (row.phase.done()) {
      return new Result.AlreadyDone(row.job(true));
    }
    row.cancel = new CancelReceipt(now, row.phase, null);
    JobError error = JobError.of(ErrorCode.CANCELED, "the job was canceled", false, row.attempt);
    end(row, Phase.CANCELED, Attempt.State.CANCELED, error, null);
    return new Result.Canceled(row.job(true));
  }

  Result runnerStopped(LeaseToken lease) {
    Row row = table.rows.get(lease.job());
    if (row != null && row.phase == Phase.CANCELED && lease.equals(row.lease)) {
      CancelReceipt receipt = Objects.requireNonNull(row.cancel);
      if (receipt.runnerStoppedAt() == null) {
        row.cancel = new CancelReceipt(receipt.requestedAt(), receipt.was(), now);
        told.changes.add(new Hints.Change(row.id(), row.phase));
      }
    }
    return new Result.Noted();
  }

  Result.Defined define(WorkerSpec spec) {
    List<WorkerSpec> versions = table.workers.computeIfAbsent(spec.name(), w -> new ArrayList<>());
    if (versions.isEmpty() || !versions.getLast().equals(spec)) {
      versions.add(spec);
    }
    return new Result.Defined(versions.size());
  }

  void rescue(Row row) {
    JobError error =
        JobError.of(ErrorCode.RUNNER_LOST, "the runner stopped without a word", true, row.attempt);
    row.lost++;
    boolean again =
        row.attempt < row.born.maxAttempts() && row.lost < table.maxLost(row.born.worker());
    if (!again) {
      end(row, Phase.FAILED, Attempt.State.LOST, error, null);
      return;
    }
    table.take(row);
    row.endAttempt(Attempt.State.LOST, now, error, null, null);
    row.tellFailure(now, error, now);
    queue(row, null, null, false);
  }

  void stage(Row row) {
    Instant queueClock = row.queueClock();
    boolean queueTimeout =
        queueClock != null && !queueClock.isAfter(now) && !queueClock.isAfter(row.deadlineAt);
    if (queueTimeout) {
      expire(row, ErrorCode.QUEUE_TIMEOUT, "the job did not start in time");
    } else if (!row.deadlineAt.isAfter(now)) {
      expire(row, ErrorCode.DEADLINE, "the job was not done by its deadline");
    } else {
      table.take(row);
      row.phase = Phase.READY;
      row.waitReason = null;
      row.nextAttemptAt = null;
      row.readyAt = now;
      put(row);
    }
  }

  private void expire(Row row, ErrorCode code, String message) {
    end(row, Phase.TIMED_OUT, null, JobError.of(code, message, true, row.attempt), null);
  }

  private @Nullable Row held(LeaseToken lease) {
    Row row = table.rows.get(lease.job());
    return row != null && row.heldBy(lease) ? row : null;
  }

  private void put(Row row) {
    table.put(row);
    told.changes.add(new Hints.Change(row.id(), row.phase));
    if (row.phase == Phase.READY) {
      told.work.add(row.born.worker());
    }
    told.due(Upkeep.of(row.phase), row.wakeAt());
  }
}
