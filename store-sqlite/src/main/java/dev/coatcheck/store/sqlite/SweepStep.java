package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.store.Sweep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Upkeep of open jobs: stage and rescue. */
final class SweepStep {

  private SweepStep() {}

  static Sweep stage(Turn turn, int max) throws SQLException {
    turn.flush();
    List<Head> due = Head.due(turn, Sql.STAGE_DUE, max, false);
    for (Head head : due) {
      stage(turn, head);
    }
    return swept(turn, Upkeep.STAGE, Sql.NEXT_STAGE, due.size(), max);
  }

  private static void stage(Turn turn, Head head) throws SQLException {
    int counted = head.attempt() - (head.keepAttempt() ? 1 : 0);
    Instant queueClock = head.queueClock(counted);
    Instant now = turn.now();
    boolean queueTimeout =
        queueClock != null && !queueClock.isAfter(now) && !queueClock.isAfter(head.deadlineAt());
    if (queueTimeout) {
      expire(turn, head, ErrorCode.QUEUE_TIMEOUT, "the job did not start in time");
    } else if (!head.deadlineAt().isAfter(now)) {
      expire(turn, head, ErrorCode.DEADLINE, "the job was not done by its deadline");
    } else {
      Instant wakeAt = head.wakeAt(counted, null);
      turn.bind(Sql.STAGE).number(head.seq()).time(now).time(wakeAt).update();
      turn.moved(head, Phase.READY, now, wakeAt);
    }
  }

  private static void expire(Turn turn, Head head, ErrorCode code, String message)
      throws SQLException {
    JobError error = JobError.of(code, message, true, head.attempt());
    Instant expiresAt = Ends.expiry(turn, head, Phase.TIMED_OUT);
    turn.bind(Sql.EXPIRE)
        .number(head.seq())
        .number(head.fence())
        .time(turn.now())
        .time(expiresAt)
        .error(error)
        .update();
    Ends.ended(turn, head, Phase.TIMED_OUT, error, expiresAt);
  }

  static Sweep rescue(Turn turn, int max) throws SQLException {
    turn.flush();
    List<Head> due = Head.due(turn, Sql.RESCUE_DUE, max, true);
    for (Head head : due) {
      rescue(turn, head);
    }
    return swept(turn, Upkeep.RESCUE, Sql.NEXT_RESCUE, due.size(), max);
  }

  private static void rescue(Turn turn, Head head) throws SQLException {
    byte[] secret = Objects.requireNonNull(head.secret()).bytes();
    JobError error =
        JobError.of(
            ErrorCode.RUNNER_LOST, "the runner stopped without a word", true, head.attempt());
    boolean again =
        head.attempt() < head.maxAttempts()
            && head.lost() + 1 < turn.workers().maxLost(head.worker());
    if (again) {
      ParkStep.giveBack(
          turn,
          head,
          secret,
          new ParkStep.Return(Attempt.State.LOST, error, Usage.NONE, null, null, false));
      return;
    }
    Instant expiresAt = Ends.expiry(turn, head, Phase.FAILED);
    turn.bind(Sql.FAIL)
        .number(head.seq())
        .number(head.fence())
        .bytes(secret)
        .time(turn.now())
        .time(expiresAt)
        .text(Phase.FAILED.status().wire())
        .number(1)
        .usage(Usage.NONE)
        .error(error)
        .update();
    Ends.ended(turn, head, Phase.FAILED, error, expiresAt);
  }

  /** When the sweep has something to do again; at once if it was cut short. */
  static Sweep swept(Turn turn, Upkeep upkeep, Sql statement, int moved, int max)
      throws SQLException {
    Instant next = moved >= max ? turn.now() : next(turn, statement);
    turn.hints().swept(upkeep, next);
    return new Sweep(moved, next);
  }

  private static @Nullable Instant next(Turn turn, Sql statement) throws SQLException {
    try (ResultSet rows = turn.bind(statement).query()) {
      Columns row = new Columns(rows);
      return row.next() ? row.optionalTime() : null;
    }
  }
}
