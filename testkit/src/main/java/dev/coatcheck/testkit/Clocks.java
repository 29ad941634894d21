package dev.coatcheck.testkit;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.store.Store;
import dev.coatcheck.testkit.Transaction.Close;
import dev.coatcheck.testkit.Transaction.Ended;
import dev.coatcheck.worker.RetryPolicy;
import java.time.Instant;
import java.util.Objects;

/** What happens to a job when one of its clocks has run out. */
final class Clocks {

  private static final String LATE = "the job was not done by its deadline";

  private final Transaction tx;
  private final Callbacks callbacks;
  private final Outcomes outcomes;

  Clocks(Transaction tx, Callbacks callbacks, Outcomes outcomes) {
    this.outcomes = outcomes;
    this.tx = tx;
    this.callbacks = callbacks;
  }

  /** Looks after a row that is due and either running or suspended. */
  void rescue(Row row) {
    if (row.phase == Phase.SUSPENDED) {
      suspended(row);
    } else {
      running(row);
    }
  }

  private void running(Row row) {
    Instant due = Objects.requireNonNull(row.wakeAt());
    if (row.local) {
      lost(row);
    } else if (due.equals(row.deadlineAt)) {
      deadline(row);
    } else if (due.equals(row.runUntil())) {
      ranTooLong(row);
    } else {
      lost(row);
    }
  }

  private void deadline(Row row) {
    timedOut(row, JobError.of(ErrorCode.DEADLINE, LATE, false, row.attempt));
  }

  private void timedOut(Row row, JobError error) {
    tx.end(row, Phase.TIMED_OUT, Close.of(Attempt.State.TIMED_OUT, error), Ended.with(error));
  }

  private void ranTooLong(Row row) {
    String message = "the attempt ran longer than " + row.born.runTimeout().toMillis() + " ms";
    boolean again = retry(row).onTimeout();
    retryOrEnd(row, JobError.of(ErrorCode.RUN_TIMEOUT, message, again, row.attempt));
  }

  private RetryPolicy retry(Row row) {
    return tx.table.workers.pinned(row.worker(), row.born.workerVersion()).retry();
  }

  private void retryOrEnd(Row row, JobError error) {
    if (!error.retryable() || row.attempt >= row.born.maxAttempts()) {
      timedOut(row, error);
      return;
    }
    Instant next = tx.now.plus(retry(row).wait(row.attempt, tx.table.random));
    tx.backOff(row, Attempt.State.TIMED_OUT, error, next);
  }

  private void suspended(Row row) {
    Suspension suspension = Objects.requireNonNull(row.suspension);
    if (!row.deadlineAt.isAfter(Objects.requireNonNull(row.suspendedUntil))) {
      deadline(row);
      return;
    }
    switch (suspension.onTimeout()) {
      case RESUME -> {
        tx.take(row);
        callbacks.resume(row, Resume.Reason.TIMEOUT, suspension.state());
      }
      case FAIL -> {
        String message = "no callback came within " + suspension.timeout().toMillis() + " ms";
        retryOrEnd(row, JobError.of(ErrorCode.CALLBACK_TIMEOUT, message, true, row.attempt));
      }
    }
  }

  private void lost(Row row) {
    JobError error =
        JobError.of(ErrorCode.RUNNER_LOST, "the runner stopped without a word", true, row.attempt);
    Close close = Close.of(Attempt.State.LOST, error);
    int most = tx.table.workers.current(row.worker()).maxLost();
    if (row.attempt >= row.born.maxAttempts() || lostLately(row) + 1 >= most) {
      tx.end(row, Phase.FAILED, close, Ended.with(error));
      return;
    }
    tx.take(row);
    tx.close(row, close);
    row.tellFailure(tx.now, error, tx.now);
    tx.queue(row, null, null, false);
  }

  private long lostLately(Row row) {
    Instant from = tx.now.minus(Store.LOST_WITHIN);
    return row.grants.stream()
        .filter(grant -> grant.state == Attempt.State.LOST)
        .filter(grant -> !Objects.requireNonNull(grant.finishedAt).isBefore(from))
        .count();
  }

  /** Looks after a row that is due and either waiting or ready. */
  void stage(Row row) {
    if (row.flight != null && row.flight.phase.done()) {
      // It is about to be told.
      return;
    }
    Instant queueClock = row.queueClock();
    boolean queueTimeout =
        queueClock != null && !queueClock.isAfter(tx.now) && !queueClock.isAfter(row.deadlineAt);
    if (queueTimeout) {
      expire(row, ErrorCode.QUEUE_TIMEOUT, "the job did not start in time");
    } else if (!row.deadlineAt.isAfter(tx.now)) {
      expire(row, ErrorCode.DEADLINE, LATE);
    } else if (row.phase != Phase.FOLLOWING) {
      tx.take(row);
      row.phase = Phase.READY;
      row.waitReason = null;
      row.nextAttemptAt = null;
      row.readyAt = tx.now;
      tx.put(row);
    }
  }

  private void expire(Row row, ErrorCode code, String message) {
    Row run = tx.leave(row);
    JobError error = JobError.of(code, message, true, row.attempt);
    tx.end(row, Phase.TIMED_OUT, null, Ended.with(error));
    if (run != null) {
      outcomes.endIfAlone(run);
    }
  }
}
