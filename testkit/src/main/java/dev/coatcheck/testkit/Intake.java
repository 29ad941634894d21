package dev.coatcheck.testkit;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a job is born. */
final class Intake {

  private final Transaction tx;
  private final Table table;
  private final Claims claims;

  Intake(Transaction tx, Claims claims) {
    this.tx = tx;
    this.table = tx.table;
    this.claims = claims;
  }

  Result.SubmitResult submit(Command.Submit command) {
    NewJob job = command.job();
    Idempotency key = job.idempotency();
    Table.Remembered before = key == null ? null : table.remembered(job.tenant(), key);
    if (key != null && before != null) {
      return before.fingerprint().equals(key.fingerprint())
          ? new Result.Replayed(before.job())
          : new Result.KeyReused(before.job());
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
    return store(job, command.start());
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
          new Table.Remembered(key.fingerprint(), answer.id(), tx.now, null),
          answer);
    }
  }

  private Result.SubmitResult store(NewJob job, boolean start) {
    Row row = born(job);
    boolean starts =
        start
            && row.phase == Phase.READY
            && table.ready(job.worker()).isEmpty()
            && !table.workers.paused(job.worker())
            && table.room(job.worker(), job.lane());
    if (starts) {
      Grant grant = claims.grantHere(row);
      return new Result.Started(row.job(true), grant);
    }
    tx.put(row);
    return new Result.Accepted(row.job(true));
  }

  private Row born(NewJob job) {
    Row row = new Row(++table.seq, job, runAt(job), tx.now);
    if (row.runAt != null && row.runAt.isAfter(tx.now)) {
      row.phase = Phase.WAITING;
      row.waitReason = WaitReason.SCHEDULED;
      row.nextAttemptAt = row.runAt;
    } else {
      row.readyAt = tx.now;
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
    return row;
  }

  private @Nullable Instant runAt(NewJob job) {
    Duration delay = job.delay();
    if (delay != null && delay.isPositive()) {
      return InMemoryStore.millis(tx.now.plus(delay));
    }
    Instant runAt = job.runAt();
    return runAt == null ? null : InMemoryStore.millis(runAt);
  }
}
