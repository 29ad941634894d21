package dev.coatcheck.testkit;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Effect;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.testkit.Transaction.Close;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How an attempt waits for a callback, and how one comes in. */
final class Callbacks {

  private static final Duration SAME_WITHIN = Duration.ofHours(24);

  private final Transaction tx;
  private final Notes notes;

  Callbacks(Transaction tx, Notes notes) {
    this.tx = tx;
    this.notes = notes;
  }

  Result.SuspendResult suspend(Command.Suspend command) {
    Row row = tx.held(command.lease());
    if (row == null) {
      return new Result.LeaseLost();
    }
    Suspension suspension = command.suspension();
    GrantRow grant = row.last();
    grant.usage = grant.usage.replacedBy(suspension.usage());
    tx.take(row);
    tx.spendResume(row);
    tx.close(row, Close.of(Attempt.State.SUSPENDED, null));
    row.executed = row.executed.plus(Duration.between(grant.startedAt, tx.now));
    if (row.unspentCallback().isPresent()) {
      resume(row, Resume.Reason.CALLBACK, suspension.state());
      return new Result.ResumedAtOnce();
    }
    row.phase = Phase.SUSPENDED;
    row.waitReason = WaitReason.CALLBACK;
    row.suspension = suspension;
    row.suspendedUntil = InMemoryStore.millis(tx.now.plus(suspension.timeout()));
    row.raiseFence();
    row.tellStatus(tx.now);
    tx.put(row);
    return new Result.Suspended();
  }

  /** Lets a job that nobody holds go on in the attempt that was suspended. */
  void resume(Row row, Resume.Reason reason, @Nullable Payload state) {
    row.suspension = null;
    row.suspendedUntil = null;
    row.pending = new Row.Pending(reason, state);
    tx.queue(row, null, null, true);
  }

  Result.OpenResult open(Command.OpenCallback command) {
    Row row = tx.held(command.lease());
    if (row == null) {
      return new Result.LeaseLost();
    }
    row.last().callbackHash = command.token().hash();
    return new Result.CallbackOpened();
  }

  Result.ReceiveResult receive(CallbackToken token, Notice notice) {
    Row row = tx.table.rows.get(token.job());
    GrantRow grant = row == null ? null : known(row, token);
    if (row == null || grant == null) {
      return new Result.NoSuchCallback();
    }
    if (grant.taken != null) {
      return again(grant.taken, notice);
    }
    if (row.phase.done()) {
      return new Result.Received(Effect.IGNORED);
    }
    grant.taken = new GrantRow.Taken(notice, tx.now, false);
    if (row.phase != Phase.SUSPENDED || row.suspension == null) {
      return new Result.Received(Effect.STORED);
    }
    tx.take(row);
    resume(row, Resume.Reason.CALLBACK, row.suspension.state());
    return new Result.Received(Effect.RESUMED);
  }

  private Result.ReceiveResult again(GrantRow.Taken before, Notice notice) {
    boolean sameBody = before.notice().digest().equals(notice.digest());
    String id = before.notice().id();
    if (id != null && notice.id() != null) {
      if (!id.equals(notice.id())) {
        return new Result.Received(Effect.IGNORED);
      }
      return sameBody ? new Result.Received(Effect.DUPLICATE) : new Result.NoticeIdReused();
    }
    boolean lately = !before.at().plus(SAME_WITHIN).isBefore(tx.now);
    return new Result.Received(sameBody && lately ? Effect.DUPLICATE : Effect.IGNORED);
  }

  Result.ReceiveResult progress(Command.ReceiveProgress command) {
    CallbackToken token = command.token();
    Row row = tx.table.rows.get(token.job());
    if (row == null || known(row, token) == null) {
      return new Result.NoSuchCallback();
    }
    if (row.phase.done() || command.progress().isEmpty()) {
      return new Result.Received(Effect.IGNORED);
    }
    notes.progressed(row, command.progress());
    tx.tellChange(row);
    return new Result.Received(Effect.PROGRESS);
  }

  private @Nullable GrantRow known(Row row, CallbackToken token) {
    Instant finished = row.finishedAt;
    if (finished != null && !tx.now.isBefore(finished.plus(Store.CALLBACK_KEPT))) {
      return null;
    }
    return row.grants.stream()
        .filter(grant -> grant.token.fence() == token.fence())
        .filter(grant -> Objects.equals(token.hash(), grant.callbackHash))
        .findFirst()
        .orElse(null);
  }
}
