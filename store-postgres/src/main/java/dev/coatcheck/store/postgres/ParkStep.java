package dev.coatcheck.store.postgres;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Result;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ends a grant whose job goes back to the queue. */
final class ParkStep {

  /**
   * How the grant ends and what the job waits for.
   *
   * @param keep whether the next grant repeats the attempt's number
   */
  record Return(
      Attempt.State state,
      @Nullable JobError error,
      Usage usage,
      @Nullable WaitReason reason,
      @Nullable Instant nextAttemptAt,
      boolean keep) {}

  private ParkStep() {}

  static Result.ParkResult take(Turn turn, Command.Park command) throws SQLException {
    LeaseToken lease = command.lease();
    turn.flush(lease.job());
    Head head = Head.running(turn, lease);
    if (head == null) {
      return new Result.LeaseLost();
    }
    Return back = back(turn, command.parking());
    giveBack(turn, head, back);
    return new Result.Parked(back.nextAttemptAt());
  }

  private static Return back(Turn turn, Parking parking) {
    return switch (parking) {
      case Parking.Backoff backoff -> {
        boolean timeout = backoff.error().code() == ErrorCode.RUN_TIMEOUT;
        yield new Return(
            timeout ? Attempt.State.TIMED_OUT : Attempt.State.FAILED,
            backoff.error(),
            backoff.usage(),
            WaitReason.BACKOFF,
            SubmitStep.millis(turn.now().plus(backoff.delay())),
            false);
      }
      case Parking.Busy busy ->
          new Return(
              Attempt.State.RELEASED,
              null,
              Usage.NONE,
              WaitReason.RATE_LIMITED,
              SubmitStep.millis(turn.now().plus(busy.delay())),
              true);
      case Parking.Release release ->
          new Return(Attempt.State.RELEASED, null, Usage.NONE, null, null, true);
    };
  }

  /** Puts a job that is held, and locked, back into the queue. */
  static void giveBack(Turn turn, Head head, Return back) throws SQLException {
    endGrant(turn, head, back);
    if (answers(back.state())) {
      Resumption.spend(turn, head);
    }
    requeue(turn, head, back, Duration.ZERO);
  }

  /** Whether a grant that ended so has made use of what it was given to go on with. */
  private static boolean answers(Attempt.State state) {
    return state == Attempt.State.FAILED || state == Attempt.State.TIMED_OUT;
  }

  /** Keeps how the grant ended. */
  static void endGrant(Turn turn, Head head, Return back) throws SQLException {
    turn.bind(Sql.END_ATTEMPT)
        .id(head.id())
        .number(head.fence())
        .uuid(Objects.requireNonNull(head.hold()).lease())
        .text(back.state().wire())
        .time(turn.now())
        .text(back.reason() == null ? null : back.reason().wire())
        .time(back.nextAttemptAt())
        .usage(back.usage())
        .error(back.error())
        .update();
  }

  /**
   * Moves the job from its lease to the queue.
   *
   * @param ran executing time of an attempt that was suspended, and goes on
   */
  static void requeue(Turn turn, Head head, Return back, Duration ran) throws SQLException {
    boolean suspended = back.state() == Attempt.State.SUSPENDED;
    leaveRunner(turn, head, back, ran);
    int counted = head.attempt() - (back.keep() && !suspended ? 1 : 0);
    Instant clock = head.clock(counted, head.course().begun());
    enqueue(turn, head, back.reason(), back.nextAttemptAt(), back.keep(), clock);
  }

  /** Ends the hold; what was used and how long it ran is kept with the job. */
  static void leaveRunner(Turn turn, Head head, Return back, Duration ran) throws SQLException {
    head.beginCourse(turn);
    turn.bind(Sql.RETURN_COURSE)
        .id(head.id())
        .number(back.state() == Attempt.State.LOST ? 1 : 0)
        .duration(ran)
        .flag(back.state() == Attempt.State.SUSPENDED)
        .usage(back.usage())
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
        new Queue.Place(head.id(), head.worker(), head.fence() + 1, head.attempt(), keep);
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
