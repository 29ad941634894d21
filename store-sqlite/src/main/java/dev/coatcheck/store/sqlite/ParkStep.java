package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.GrantEnd;
import java.sql.SQLException;
import java.time.Instant;

/** Ends a grant whose job goes back to the queue. The statements themselves check the token. */
final class ParkStep {

  private ParkStep() {}

  static Result.ParkResult take(Turn turn, Command.Park command) throws SQLException {
    turn.flush();
    LeaseToken lease = command.lease();
    Head head = turn.held().find(turn, lease);
    if (head == null) {
      return new Result.LeaseLost();
    }
    GrantEnd end = GrantEnd.of(command.parking(), turn.now());
    byte[] secret = Bind.blob(lease.secretHigh(), lease.secretLow());
    return giveBack(turn, head, secret, end)
        ? new Result.Parked(end.nextAttemptAt())
        : new Result.LeaseLost();
  }

  /** Whether the secret still held the job. */
  static boolean giveBack(Turn turn, Head head, byte[] secret, GrantEnd end) throws SQLException {
    if (!endGrant(turn, head, secret, end)) {
      return false;
    }
    if (end.answers()) {
      Resumption.spend(turn, head);
    }
    requeue(turn, head, secret, end);
    return true;
  }

  /** Keeps how the grant ended; whether the secret still held the job. */
  static boolean endGrant(Turn turn, Head head, byte[] secret, GrantEnd end) throws SQLException {
    return turn.bind(Sql.END_ATTEMPT)
            .number(head.seq())
            .number(head.fence())
            .bytes(secret)
            .time(turn.now())
            .text(end.state().wire())
            .text(end.wireReason())
            .time(end.nextAttemptAt())
            .usage(end.usage())
            .error(end.error())
            .update()
        > 0;
  }

  static void requeue(Turn turn, Head head, byte[] secret, GrantEnd end) throws SQLException {
    boolean lost = end.state() == Attempt.State.LOST;
    Instant wakeAt = head.wakeAt(end.counted(head.attempt()), end.nextAttemptAt());
    turn.bind(Sql.PARK)
        .number(head.seq())
        .number(head.fence())
        .bytes(secret)
        .time(turn.now())
        .text(end.wireReason())
        .time(end.nextAttemptAt())
        .time(wakeAt)
        .flag(end.keep())
        .number(lost ? 1 : 0)
        .usage(end.usage())
        .update();
    turn.moved(head, end.reason() == null ? Phase.READY : Phase.WAITING, turn.now(), wakeAt);
  }
}
