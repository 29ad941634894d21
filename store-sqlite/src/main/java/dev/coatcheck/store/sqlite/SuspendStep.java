package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.lease.Suspension.OnTimeout;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.GrantEnd;
import dev.coatcheck.store.base.Millis;
import dev.coatcheck.store.base.Overdue;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A job begins to wait for a callback, and ceases to. */
final class SuspendStep {

  private SuspendStep() {}

  static Result.SuspendResult take(Turn turn, Command.Suspend command) throws SQLException {
    turn.flush();
    LeaseToken lease = command.lease();
    Head head = Head.running(turn, lease);
    byte[] secret = Bind.blob(lease.secretHigh(), lease.secretLow());
    if (head == null
        || !ParkStep.endGrant(
            turn, head, secret, GrantEnd.suspended(command.suspension().usage()))) {
      return new Result.LeaseLost();
    }
    Resumption.spend(turn, head);
    Duration ran = Duration.between(startedAt(head), turn.now());
    Resumption.Stored early = Resumption.unspent(turn, head.seq());
    if (early != null) {
      return goOn(turn, head, secret, command.suspension(), early, ran);
    }
    return waitForCallback(turn, head, secret, command.suspension(), ran);
  }

  private static Instant startedAt(Head head) {
    return Objects.requireNonNull(head.times().attemptStartedAt());
  }

  /** The callback was here first. */
  private static Result.SuspendResult goOn(
      Turn turn,
      Head head,
      byte[] secret,
      Suspension suspension,
      Resumption.Stored early,
      Duration ran)
      throws SQLException {
    ParkStep.requeue(turn, head, secret, GrantEnd.suspended(suspension.usage()));
    turn.bind(Sql.ADD_RAN).number(head.seq()).duration(ran).update();
    remember(turn, head, suspension, Resume.Reason.CALLBACK, early.fence());
    return new Result.ResumedAtOnce();
  }

  private static Result.SuspendResult waitForCallback(
      Turn turn, Head head, byte[] secret, Suspension suspension, Duration ran)
      throws SQLException {
    Instant until = Millis.of(turn.now().plus(suspension.timeout()));
    turn.bind(Sql.SUSPEND)
        .number(head.seq())
        .number(head.fence())
        .bytes(secret)
        .time(until)
        .duration(ran)
        .usage(suspension.usage())
        .update();
    turn.bind(Sql.MARK_SUSPENDED).number(head.seq()).number(head.fence()).update();
    remember(turn, head, suspension, null, null);
    Instant wake = until.isBefore(head.deadlineAt()) ? until : head.deadlineAt();
    turn.moved(head, Phase.SUSPENDED, null, wake);
    return new Result.Suspended();
  }

  private static void remember(
      Turn turn,
      Head head,
      Suspension suspension,
      Resume.@Nullable Reason reason,
      @Nullable Long callback)
      throws SQLException {
    turn.bind(Sql.INSERT_SUSPENSION)
        .number(head.seq())
        .payload(suspension.state())
        .text(suspension.onTimeout().name().toLowerCase(Locale.ROOT))
        .duration(suspension.timeout())
        .text(reason == null ? null : reason.wire())
        .number(callback)
        .update();
  }

  /** A suspended job goes on. */
  static void resume(Turn turn, Head head, Resume.Reason reason, @Nullable Long callback)
      throws SQLException {
    turn.bind(Sql.RESUME_SUSPENSION)
        .number(head.seq())
        .text(reason.wire())
        .number(callback)
        .update();
    leave(turn, head, null, null, null);
    back(turn, head, null, null, true);
  }

  /** One of the clocks of a suspended job has run out. */
  static void expire(Turn turn, Head head) throws SQLException {
    Instant until = Objects.requireNonNull(Objects.requireNonNull(head.hold()).suspendUntil());
    if (!head.deadlineAt().isAfter(until)) {
      JobError error = Overdue.deadline(head.attempt(), false);
      leave(turn, head, Attempt.State.TIMED_OUT, error, null);
      SweepStep.end(turn, head, Phase.TIMED_OUT, error, false);
      return;
    }
    Resumption.Waiting waiting = Resumption.waiting(turn, head.seq());
    if (waiting.onTimeout() == OnTimeout.RESUME) {
      resume(turn, head, Resume.Reason.TIMEOUT, null);
      return;
    }
    JobError error = Overdue.noCallback(head.attempt(), waiting.timeout());
    if (head.attempt() >= head.maxAttempts()) {
      leave(turn, head, Attempt.State.TIMED_OUT, error, null);
      SweepStep.end(turn, head, Phase.TIMED_OUT, error, false);
      return;
    }
    Instant next = SweepStep.nextAttempt(turn, head);
    leave(turn, head, Attempt.State.TIMED_OUT, error, next);
    turn.bind(Sql.DELETE_SUSPENSION).number(head.seq()).update();
    back(turn, head, WaitReason.BACKOFF, next, false);
  }

  private static void back(
      Turn turn, Head head, @Nullable WaitReason reason, @Nullable Instant next, boolean keep)
      throws SQLException {
    Instant wakeAt = head.wakeAt(head.attempt() - (keep ? 1 : 0), next);
    turn.bind(Sql.RETURN_SUSPENDED)
        .number(head.seq())
        .number(head.fence())
        .time(turn.now())
        .text(reason == null ? null : reason.wire())
        .time(next)
        .time(wakeAt)
        .flag(keep)
        .update();
    turn.moved(head, reason == null ? Phase.READY : Phase.WAITING, turn.now(), wakeAt);
  }

  /** Keeps how the suspension that began under the fence before was over. */
  static void leave(
      Turn turn,
      Head head,
      Attempt.@Nullable State state,
      @Nullable JobError error,
      @Nullable Instant next)
      throws SQLException {
    turn.bind(Sql.LEAVE_SUSPENSION)
        .number(head.seq())
        .number(head.fence() - 1)
        .time(turn.now())
        .text(state == null ? null : state.wire())
        .text(next == null ? null : WaitReason.BACKOFF.wire())
        .time(next)
        .error(error)
        .update();
  }
}
