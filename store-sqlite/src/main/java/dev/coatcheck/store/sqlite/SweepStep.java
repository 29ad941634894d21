package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.GrantEnd;
import dev.coatcheck.store.base.Millis;
import dev.coatcheck.store.base.Overdue;
import dev.coatcheck.store.base.Upkeep;
import dev.coatcheck.worker.RetryPolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Upkeep of open jobs: stage and rescue. */
final class SweepStep {

  private SweepStep() {}

  static Sweep stage(Turn turn, int max) throws SQLException {
    turn.flush();
    List<Head> due = Head.due(turn, Sql.STAGE_DUE, max);
    for (Head head : due) {
      stage(turn, head);
    }
    int landed = due.size() < max ? LandStep.take(turn, max - due.size()) : 0;
    int moved = LandStep.any(turn) ? max : due.size() + landed;
    return swept(turn, Upkeep.STAGE, Sql.NEXT_STAGE, moved, max);
  }

  private static void stage(Turn turn, Head head) throws SQLException {
    if (head.phase() == Phase.FOLLOWING) {
      follow(turn, head);
      return;
    }
    int counted = head.attempt() - (head.keepAttempt() ? 1 : 0);
    Instant queueClock = head.queueClock(counted);
    Instant now = turn.now();
    boolean queueTimeout =
        queueClock != null && !queueClock.isAfter(now) && !queueClock.isAfter(head.deadlineAt());
    if (queueTimeout) {
      expire(turn, head, Overdue.neverStarted(head.attempt()));
    } else if (!head.deadlineAt().isAfter(now)) {
      expire(turn, head, Overdue.deadline(head.attempt(), true));
    } else {
      Instant wakeAt = head.wakeAt(counted, null);
      turn.bind(Sql.STAGE).number(head.seq()).time(now).time(wakeAt).update();
      turn.moved(head, Phase.READY, now, wakeAt);
    }
  }

  /** A clock of a job that shares a run. */
  private static void follow(Turn turn, Head head) throws SQLException {
    Head run = Objects.requireNonNull(ReuseStep.run(turn, head));
    boolean late = !head.deadlineAt().isAfter(turn.now());
    if (run.phase().done()) {
      // It is about to be told.
      turn.bind(Sql.WATCH_FOLLOWER).number(head.seq()).update();
    } else if (late || run.times().startedAt() == null) {
      Head left = ReuseStep.leave(turn, head, run);
      JobError error =
          late ? Overdue.deadline(run.attempt(), true) : Overdue.neverStarted(run.attempt());
      expire(turn, left, error);
      ReuseStep.endIfAlone(turn, run);
    } else {
      turn.bind(Sql.WATCH_FOLLOWER).number(head.seq()).update();
    }
  }

  private static void expire(Turn turn, Head head, JobError error) throws SQLException {
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
    List<Head> due = Head.due(turn, Sql.RESCUE_DUE, max);
    for (Head head : due) {
      lookAfter(turn, head);
    }
    return swept(turn, Upkeep.RESCUE, Sql.NEXT_RESCUE, due.size(), max);
  }

  /** Whichever of its clocks ran out first decides. */
  private static void lookAfter(Turn turn, Head head) throws SQLException {
    Head.Hold hold = Objects.requireNonNull(head.hold());
    if (head.phase() == Phase.SUSPENDED) {
      SuspendStep.expire(turn, head);
      return;
    }
    Instant lease = Objects.requireNonNull(hold.until());
    Instant runUntil = hold.runUntil();
    if (lease.equals(Instant.EPOCH)) {
      rescue(turn, head);
    } else if (first(head.deadlineAt(), runUntil, lease)) {
      end(turn, head, Phase.TIMED_OUT, Overdue.deadline(head.attempt(), false), false);
    } else if (runUntil != null && !lease.isBefore(runUntil)) {
      runTimeout(turn, head);
    } else {
      rescue(turn, head);
    }
  }

  private static boolean first(Instant clock, @Nullable Instant second, Instant third) {
    return (second == null || !clock.isAfter(second)) && !clock.isAfter(third);
  }

  private static void runTimeout(Turn turn, Head head) throws SQLException {
    boolean retried = turn.workers().retry(turn, head).onTimeout();
    JobError error = Overdue.runTimeout(head.attempt(), head.times().runTimeout(), retried);
    if (!retried || head.attempt() >= head.maxAttempts()) {
      end(turn, head, Phase.TIMED_OUT, error, false);
      return;
    }
    Instant next = nextAttempt(turn, head);
    ParkStep.giveBack(turn, head, secret(head), GrantEnd.timedOut(error, next));
  }

  /** When the attempt after this one may start, by the worker's version of the job. */
  static Instant nextAttempt(Turn turn, Head head) throws SQLException {
    RetryPolicy retry = turn.workers().retry(turn, head);
    Duration wait = retry.wait(head.attempt(), turn.fixed().random());
    return Millis.of(turn.now().plus(wait));
  }

  private static void rescue(Turn turn, Head head) throws SQLException {
    JobError error = Overdue.runnerLost(head.attempt());
    if (head.attempt() >= head.maxAttempts() || lostTooOften(turn, head)) {
      end(turn, head, Phase.FAILED, error, true);
      return;
    }
    ParkStep.giveBack(turn, head, secret(head), GrantEnd.lost(error));
  }

  private static boolean lostTooOften(Turn turn, Head head) throws SQLException {
    int most = turn.workers().maxLost(head.worker());
    if (head.lost() + 1 < most) {
      return false;
    }
    Instant since = turn.now().minus(Store.LOST_WITHIN);
    try (ResultSet rows = turn.bind(Sql.LOST_SINCE).number(head.seq()).time(since).query()) {
      return rows.next() && rows.getInt(1) + 1 >= most;
    }
  }

  static byte[] secret(Head head) {
    Payload secret = Objects.requireNonNull(head.hold()).secret();
    return Objects.requireNonNull(secret).bytes();
  }

  /** Ends a job that runs or is suspended. */
  static void end(Turn turn, Head head, Phase to, JobError error, boolean lost)
      throws SQLException {
    Instant expiresAt = Ends.expiry(turn, head, to);
    turn.bind(Sql.FAIL)
        .number(head.seq())
        .number(head.fence())
        .bytes(secret(head))
        .time(turn.now())
        .time(expiresAt)
        .text(to.status().wire())
        .number(lost ? 1 : 0)
        .usage(Usage.NONE)
        .error(error)
        .update();
    Resumption.spend(turn, head);
    Ends.ended(turn, head, to, error, expiresAt);
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
