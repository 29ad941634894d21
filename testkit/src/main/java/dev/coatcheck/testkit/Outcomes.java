package dev.coatcheck.testkit;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.CancelReceipt;
import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Result;
import dev.coatcheck.testkit.Transaction.Close;
import dev.coatcheck.testkit.Transaction.Ended;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** How a grant ends by the hand of its holder, and a job by the hand of its owner. */
final class Outcomes {

  private final Transaction tx;
  private final Table table;

  Outcomes(Transaction tx) {
    this.tx = tx;
    this.table = tx.table;
  }

  Result.SettleResult settle(Command.Settle command) {
    Row row = tx.held(command.lease());
    if (row == null) {
      return new Result.LeaseLost();
    }
    Outcome outcome = command.outcome();
    if (outcome instanceof Outcome.Succeeded succeeded) {
      for (FileId file : succeeded.files()) {
        if (table.file(row.born.tenant().shown(), file) == null) {
          return new Result.NoSuchFile(file);
        }
      }
    }
    GrantRow grant = row.last();
    grant.usage = grant.usage.replacedBy(outcome.usage());
    Optional<DeadLetter> letter =
        switch (outcome) {
          case Outcome.Succeeded succeeded -> succeed(row, succeeded);
          case Outcome.Failed(JobError error, var usage) ->
              tx.end(row, Phase.FAILED, Close.of(Attempt.State.FAILED, error), Ended.with(error));
          case Outcome.TimedOut(JobError error, var usage) ->
              tx.end(
                  row,
                  Phase.TIMED_OUT,
                  Close.of(Attempt.State.TIMED_OUT, error),
                  Ended.with(error));
        };
    return new Result.Settled(row.finished(), letter.isPresent());
  }

  private Optional<DeadLetter> succeed(Row row, Outcome.Succeeded succeeded) {
    List<FileId> files = succeeded.files();
    for (int place = 0; place < files.size(); place++) {
      long id = EventId.ofFile(row.fence, place, files.size());
      row.events.add(new JobEvent.FileMade(id, tx.now, files.get(place)));
    }
    return tx.end(
        row, Phase.SUCCEEDED, Close.of(Attempt.State.SUCCEEDED, null), new Ended(null, succeeded));
  }

  Result.ParkResult park(LeaseToken lease, Parking parking) {
    Row row = tx.held(lease);
    if (row == null) {
      return new Result.LeaseLost();
    }
    switch (parking) {
      case Parking.Backoff backoff -> {
        GrantRow grant = row.last();
        grant.usage = grant.usage.replacedBy(backoff.usage());
        boolean timeout = backoff.error().code() == ErrorCode.RUN_TIMEOUT;
        tx.backOff(
            row,
            timeout ? Attempt.State.TIMED_OUT : Attempt.State.FAILED,
            backoff.error(),
            InMemoryStore.millis(tx.now.plus(backoff.delay())));
      }
      case Parking.Busy busy -> {
        Instant next = InMemoryStore.millis(tx.now.plus(busy.delay()));
        handBack(row, new Close(Attempt.State.RELEASED, null, WaitReason.RATE_LIMITED, next));
      }
      case Parking.Release release -> release(row);
    }
    return new Result.Parked(row.nextAttemptAt);
  }

  /** Makes a held job ready as if it had not been granted. */
  void release(Row row) {
    handBack(row, Close.of(Attempt.State.RELEASED, null));
  }

  private void handBack(Row row, Close close) {
    tx.take(row);
    tx.close(row, close);
    tx.queue(row, close.reason(), close.nextAttemptAt(), true);
  }

  Result.CancelResult cancel(Command.Cancel command) {
    Row row = table.row(command.tenant(), command.job());
    if (row == null) {
      return new Result.NoSuchJob();
    }
    if (row.phase.done()) {
      return new Result.AlreadyDone(row.job(true));
    }
    Row run = tx.leave(row);
    cancel(row, run == null ? row.phase : run.phase.done() ? Phase.RUNNING : run.phase);
    if (run != null) {
      endIfAlone(run);
    }
    return new Result.Canceled(row.job(true));
  }

  private void cancel(Row row, Phase was) {
    row.cancel = new CancelReceipt(tx.now, was, null);
    JobError error = JobError.of(ErrorCode.CANCELED, "the job was canceled", false, row.attempt);
    tx.end(row, Phase.CANCELED, Close.of(Attempt.State.CANCELED, null), Ended.with(error));
  }

  /** Ends a run that nobody shares any more. */
  void endIfAlone(Row run) {
    if (Objects.requireNonNull(run.followers).isEmpty() && !run.phase.done()) {
      cancel(run, run.phase);
    }
  }

  Result runnerStopped(LeaseToken lease) {
    Row row = table.rows.get(lease.job());
    if (row != null && canceledUnder(row, lease)) {
      CancelReceipt receipt = Objects.requireNonNull(row.cancel);
      if (receipt.runnerStoppedAt() == null) {
        row.cancel = new CancelReceipt(receipt.requestedAt(), receipt.was(), tx.now);
        tx.tellChange(row);
      }
    }
    return new Result.Noted();
  }

  private static boolean canceledUnder(Row row, LeaseToken lease) {
    return row.cancel != null
        && row.cancel.was() == Phase.RUNNING
        && lease.equals(row.last().token);
  }
}
