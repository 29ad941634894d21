package dev.coatcheck.store.postgres;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.GrantEnd;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ends a grant whose job goes back to the queue. */
final class ParkStep {

  private ParkStep() {}

  static Result.ParkResult take(Turn turn, Command.Park command) throws SQLException {
    LeaseToken lease = command.lease();
    turn.flush(lease.job());
    Head head = Head.running(turn, lease);
    if (head == null) {
      return new Result.LeaseLost();
    }
    GrantEnd end = GrantEnd.of(command.parking(), turn.now());
    giveBack(turn, head, end);
    return new Result.Parked(end.nextAttemptAt());
  }

  /** Puts a job that is held, and locked, back into the queue. */
  static void giveBack(Turn turn, Head head, GrantEnd end) throws SQLException {
    endGrant(turn, head, end);
    if (end.answers()) {
      Resumption.spend(turn, head);
    }
    requeue(turn, head, end, Duration.ZERO);
  }

  /** Keeps how the grant ended. */
  static void endGrant(Turn turn, Head head, GrantEnd end) throws SQLException {
    turn.bind(Sql.END_ATTEMPT)
        .id(head.id())
        .number(head.fence())
        .uuid(Objects.requireNonNull(head.hold()).lease())
        .text(end.state().wire())
        .time(turn.now())
        .text(end.wireReason())
        .time(end.nextAttemptAt())
        .usage(end.usage())
        .error(end.error())
        .update();
  }

  /**
   * Moves the job from its lease to the queue.
   *
   * @param ran executing time of an attempt that was suspended, and goes on
   */
  static void requeue(Turn turn, Head head, GrantEnd end, Duration ran) throws SQLException {
    leaveRunner(turn, head, end, ran);
    Instant clock = head.clock(end.counted(head.attempt()), head.course().begun());
    enqueue(turn, head, end.reason(), end.nextAttemptAt(), end.keep(), clock);
  }

  /** Ends the hold; what was used and how long it ran is kept with the job. */
  static void leaveRunner(Turn turn, Head head, GrantEnd end, Duration ran) throws SQLException {
    head.beginCourse(turn);
    turn.bind(Sql.RETURN_COURSE)
        .id(head.id())
        .number(end.state() == Attempt.State.LOST ? 1 : 0)
        .duration(ran)
        .flag(end.state() == Attempt.State.SUSPENDED)
        .usage(end.usage())
        .update();
    head.leave(turn);
  }

  /** Puts a job that nobody holds into the queue, under the next fence. */
  static void enqueue(
      Turn turn,
      Head head,
      @Nullable WaitReason reason,
      @Nullable Instant next,
      boolean keep,
      Instant clock)
      throws SQLException {
    Queue.Place place =
        new Queue.Place(
            head.id(), head.worker(), head.lane(), head.fence() + 1, head.attempt(), keep);
    if (reason == null || next == null) {
      Queue.ready(turn, place, head.priority(), true, clock).update();
      turn.moved(head, Phase.READY, clock);
    } else {
      Instant due = next.isBefore(clock) ? next : clock;
      Queue.waiting(turn, place, reason, next, due).update();
      turn.moved(head, Phase.WAITING, due);
    }
  }
}
