package dev.coatcheck.testkit;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Following;
import dev.coatcheck.store.base.Rehearsal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

  Result.SubmitResult submit(NewJob job, boolean start) {
    Result.SubmitResult answer = look(job, 0);
    if (answer == null) {
      return store(job, start);
    }
    if (answer instanceof Result.Existing) {
      remember(job, Objects.requireNonNull(standing(job)));
    }
    return answer;
  }

  Result.SubmitAllResult submitAll(List<NewJob> jobs) {
    Optional<Result.NoneSubmitted> refused = Rehearsal.of(jobs, this::look);
    return refused.isPresent()
        ? refused.get()
        : new Result.AllSubmitted(jobs.stream().map(job -> submit(job, false)).toList());
  }

  private Result.@Nullable SubmitResult look(NewJob job, int more) {
    Idempotency key = job.idempotency();
    Table.Remembered before = key == null ? null : table.remembered(job.tenant(), key);
    if (key != null && before != null) {
      return before.fingerprint().equals(key.fingerprint())
          ? new Result.Replayed(before.job())
          : new Result.KeyReused(before.job());
    }
    Row standing = standing(job);
    if (standing != null) {
      return new Result.Existing(standing.id());
    }
    for (FileId file : job.files()) {
      if (table.file(job.tenant(), file) == null) {
        return new Result.NoSuchFile(file);
      }
    }
    boolean full = table.queued(job.worker()) + more >= job.queueLimit();
    return full ? new Result.QueueFull(job.queueLimit()) : null;
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
    Reuse reuse = job.reuse();
    if (reuse != null) {
      Table.Key likeness = new Table.Key(job.tenant(), reuse.likeness());
      Table.Kept answer = reuse.cached() ? table.answers.get(likeness) : null;
      if (answer != null
          && answer.until().isAfter(tx.now)
          && table.row(answer.row().id()) != null) {
        return answered(job, answer.row());
      }
      if (reuse.inflight()) {
        return follow(job, likeness);
      }
    }
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

  /** A kept success answers the job. */
  private Result.SubmitResult answered(NewJob job, Row answer) {
    Row row = born(job);
    row.cached = true;
    row.attempt = 0;
    row.output = answer.output;
    row.files = answer.files;
    row.finishedAt = tx.now;
    row.expiresAt =
        tx.now.plus(table.workers.current(row.worker()).retention().of(JobStatus.SUCCEEDED));
    row.phase = Phase.SUCCEEDED;
    row.readyAt = null;
    row.raiseFence();
    if (job.uniqueKey() != null) {
      table.unique.remove(new Table.Unique(job.tenant(), job.worker(), job.uniqueKey()));
    }
    row.tellDone(tx.now);
    tx.put(row);
    return new Result.Accepted(row.job(true));
  }

  /** The job shares a run; with none under way it begins one. */
  private Result.SubmitResult follow(NewJob job, Table.Key likeness) {
    Row run = table.flights.get(likeness);
    if (run == null) {
      run = born(Following.run(job, table.random.nextLong()));
      run.followers = new LinkedHashSet<>();
      run.lead = job.id();
      table.flights.put(likeness, run);
      tx.put(run);
    } else if (run.urgency < job.priority()) {
      table.take(run);
      run.urgency = job.priority();
      table.put(run);
    }
    Row row = born(job);
    row.phase = Phase.FOLLOWING;
    row.waitReason = WaitReason.COALESCED;
    row.flight = run;
    row.lead = run.lead;
    row.readyAt = null;
    row.events.clear();
    Objects.requireNonNull(run.followers).add(row);
    tx.put(row);
    return new Result.Accepted(row.job(true));
  }

  /** Stores a job that nothing stands in the way of. */
  Job store(NewJob job) {
    return ((Result.Accepted) store(job, false)).job();
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
      table.closeDeadLetter(original, DeadLetter.State.REDRIVEN, job.id());
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
