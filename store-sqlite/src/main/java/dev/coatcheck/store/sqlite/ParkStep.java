package dev.coatcheck.store.sqlite;

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
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Ends a grant whose job goes back to the queue. The statements themselves check the token. */
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
    turn.flush();
    LeaseToken lease = command.lease();
    Head head = turn.held().find(turn, lease);
    if (head == null) {
      return new Result.LeaseLost();
    }
    Return back = back(turn, command.parking());
    byte[] secret = Bind.blob(lease.secretHigh(), lease.secretLow());
    return giveBack(turn, head, secret, back)
        ? new Result.Parked(back.nextAttemptAt())
        : new Result.LeaseLost();
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

  /** Whether the secret still held the job. */
  static boolean giveBack(Turn turn, Head head, byte[] secret, Return back) throws SQLException {
    if (!endGrant(turn, head, secret, back)) {
      return false;
    }
    if (answers(back.state())) {
      Resumption.spend(turn, head);
    }
    requeue(turn, head, secret, back);
    return true;
  }

  /** Whether a grant that ended so has made use of what it was given to go on with. */
  private static boolean answers(Attempt.State state) {
    return state == Attempt.State.FAILED || state == Attempt.State.TIMED_OUT;
  }

  /** Keeps how the grant ended; whether the secret still held the job. */
  static boolean endGrant(Turn turn, Head head, byte[] secret, Return back) throws SQLException {
    return turn.bind(Sql.END_ATTEMPT)
            .number(head.seq())
            .number(head.fence())
            .bytes(secret)
            .time(turn.now())
            .text(back.state().wire())
            .text(wire(back.reason()))
            .time(back.nextAttemptAt())
            .usage(back.usage())
            .error(back.error())
            .update()
        > 0;
  }

  static void requeue(Turn turn, Head head, byte[] secret, Return back) throws SQLException {
    boolean lost = back.state() == Attempt.State.LOST;
    boolean again = back.keep() && back.state() != Attempt.State.SUSPENDED;
    Instant wakeAt = head.wakeAt(head.attempt() - (again ? 1 : 0), back.nextAttemptAt());
    turn.bind(Sql.PARK)
        .number(head.seq())
        .number(head.fence())
        .bytes(secret)
        .time(turn.now())
        .text(wire(back.reason()))
        .time(back.nextAttemptAt())
        .time(wakeAt)
        .flag(back.keep())
        .number(lost ? 1 : 0)
        .usage(back.usage())
        .update();
    turn.moved(head, back.reason() == null ? Phase.READY : Phase.WAITING, turn.now(), wakeAt);
  }

  private static @Nullable String wire(@Nullable WaitReason reason) {
    return reason == null ? null : reason.wire();
  }
}
