package dev.coatcheck.store.postgres;

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
    LeaseToken lease = command.lease();
    turn.flush(lease.job());
    Head head = Head.running(turn, lease);
    if (head == null) {
      return new Result.LeaseLost();
    }
    Suspension suspension = command.suspension();
    GrantEnd end = GrantEnd.suspended(suspension.usage());
    ParkStep.endGrant(turn, head, end);
    Resumption.spend(turn, head);
    Duration ran = Duration.between(startedAt(head), turn.now());
    Resumption.Stored early = Resumption.unspent(turn, head.id());
    if (early != null) {
      ParkStep.requeue(turn, head, end, ran);
      remember(turn, head, suspension, Resume.Reason.CALLBACK, early.fence());
      return new Result.ResumedAtOnce();
    }
    ParkStep.leaveRunner(turn, head, end, ran);
    waitForCallback(turn, head, suspension);
    return new Result.Suspended();
  }

  private static Instant startedAt(Head head) {
    return Objects.requireNonNull(head.times().attemptStartedAt());
  }

  private static void waitForCallback(Turn turn, Head head, Suspension suspension)
      throws SQLException {
    Instant until = Millis.of(turn.now().plus(suspension.timeout()));
    Instant wake = until.isBefore(head.deadlineAt()) ? until : head.deadlineAt();
    Queue.Place place =
        new Queue.Place(
            head.id(), head.worker(), head.lane(), head.fence() + 1, head.attempt(), false);
    Queue.suspended(turn, place, until, wake).update();
    turn.bind(Sql.MARK_SUSPENDED).id(head.id()).number(head.fence()).update();
    remember(turn, head, suspension, null, null);
    turn.moved(head, Phase.SUSPENDED, wake);
  }

  private static void remember(
      Turn turn,
      Head head,
      Suspension suspension,
      Resume.@Nullable Reason reason,
      @Nullable Long callback)
      throws SQLException {
    turn.bind(Sql.INSERT_SUSPENSION)
        .id(head.id())
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
    turn.bind(Sql.RESUME_SUSPENSION).id(head.id()).text(reason.wire()).number(callback).update();
    leave(turn, head, null, null, null);
    back(turn, head, null, null, true);
  }

  /** One of the clocks of a suspended job has run out. */
  static void expire(Turn turn, Head head) throws SQLException {
    Instant until = Objects.requireNonNull(head.suspendUntil());
    if (!head.deadlineAt().isAfter(until)) {
      JobError error = Overdue.deadline(head.attempt(), false);
      leave(turn, head, Attempt.State.TIMED_OUT, error, null);
      Ends.finish(turn, head, Phase.TIMED_OUT, error, null);
      return;
    }
    Resumption.Waiting waiting = Resumption.waiting(turn, head.id());
    if (waiting.onTimeout() == OnTimeout.RESUME) {
      resume(turn, head, Resume.Reason.TIMEOUT, null);
      return;
    }
    JobError error = Overdue.noCallback(head.attempt(), waiting.timeout());
    if (head.attempt() >= head.maxAttempts()) {
      leave(turn, head, Attempt.State.TIMED_OUT, error, null);
      Ends.finish(turn, head, Phase.TIMED_OUT, error, null);
      return;
    }
    Instant next = SweepStep.nextAttempt(turn, head);
    leave(turn, head, Attempt.State.TIMED_OUT, error, next);
    turn.bind(Sql.DELETE_SUSPENSION).id(head.id()).update();
    back(turn, head, WaitReason.BACKOFF, next, false);
  }

  private static void back(
      Turn turn, Head head, @Nullable WaitReason reason, @Nullable Instant next, boolean keep)
      throws SQLException {
    turn.bind(Sql.CLEAR_NOTES).id(head.id()).update();
    head.leave(turn);
    Instant clock = head.clock(head.attempt() - (keep ? 1 : 0), true);
    ParkStep.enqueue(turn, head, reason, next, keep, clock);
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
        .id(head.id())
        .number(head.fence() - 1)
        .time(turn.now())
        .text(state == null ? null : state.wire())
        .text(next == null ? null : WaitReason.BACKOFF.wire())
        .time(next)
        .error(error)
        .update();
  }
}
