package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.GrantEnd;
import dev.coatcheck.store.base.Millis;
import dev.coatcheck.store.base.Overdue;
import dev.coatcheck.store.base.Upkeep;
import dev.coatcheck.worker.RetryPolicy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Upkeep of open jobs: stage and rescue. */
final class SweepStep {

  private SweepStep() {}

  static Sweep stage(Turn turn, int max) throws SQLException {
    turn.watch().look(turn);
    List<JobId> due = turn.bind(Sql.STAGE_DUE).time(turn.now()).number(max).list(Columns::id);
    for (Head head : Head.find(turn, due)) {
      stage(turn, head);
    }
    int landed = due.size() < max ? LandStep.take(turn, max - due.size()) : 0;
    return swept(turn, Upkeep.STAGE, due.size() + landed, max);
  }

  private static void stage(Turn turn, Head head) throws SQLException {
    if (head.phase() == Phase.FOLLOWING) {
      follow(turn, head);
      return;
    }
    int counted = head.attempt() - (head.keepAttempt() ? 1 : 0);
    boolean begun = head.course().begun();
    Instant queueClock = head.queueClock(counted, begun);
    Instant now = turn.now();
    boolean queueTimeout =
        queueClock != null && !queueClock.isAfter(now) && !queueClock.isAfter(head.deadlineAt());
    if (queueTimeout) {
      expire(turn, head, Overdue.neverStarted(head.attempt()));
    } else if (!head.deadlineAt().isAfter(now)) {
      expire(turn, head, Overdue.deadline(head.attempt(), true));
    } else if (head.phase() == Phase.WAITING) {
      head.leave(turn);
      Queue.Place place =
          new Queue.Place(
              head.id(),
              head.worker(),
              head.lane(),
              head.fence(),
              head.attempt(),
              head.keepAttempt());
      Instant clock = head.clock(counted, begun);
      Queue.ready(turn, place, head.priority(), head.course().storied(), clock).update();
      turn.moved(head, Phase.READY, clock);
    }
  }

  /** A clock of a job that shares a run. */
  private static void follow(Turn turn, Head head) throws SQLException {
    Head run = Objects.requireNonNull(ReuseStep.run(turn, head));
    boolean late = !head.deadlineAt().isAfter(turn.now());
    boolean ends = !run.phase().done() && (late || run.times().startedAt() == null);
    if (ends) {
      JobError error =
          late ? Overdue.deadline(run.attempt(), true) : Overdue.neverStarted(run.attempt());
      expire(turn, head.endingWith(run.fence(), run.attempt()), error);
      ReuseStep.left(turn, head, run);
      ReuseStep.endIfAlone(turn, run, head.id());
    } else {
      turn.bind(Sql.WATCH_FOLLOWER).id(head.id()).update();
    }
  }

  private static void expire(Turn turn, Head head, JobError error) throws SQLException {
    Ends.finish(turn, head, Phase.TIMED_OUT, error, null);
  }

  static Sweep rescue(Turn turn, int max) throws SQLException {
    List<UUID> leases =
        turn.bind(Sql.LOCK_ENDED)
            .time(turn.now())
            .number(max)
            .runner(turn.fixed().node())
            .list(row -> Objects.requireNonNull(row.uuid()));
    List<JobId> unanswered =
        turn.bind(Sql.LOCK_UNANSWERED).time(turn.now()).number(max).list(Columns::id);
    List<JobId> due =
        turn.bind(Sql.RESCUE_DUE)
            .array("uuid", leases.toArray())
            .ids(unanswered)
            .number(max)
            .list(Columns::id);
    for (Head head : Head.find(turn, due)) {
      lookAfter(turn, head);
    }
    turn.bind(Sql.DELETE_OVER).array("uuid", leases.toArray()).update();
    for (String worker :
        turn.bind(Sql.DROP_PERMITS)
            .time(turn.now())
            .runner(turn.fixed().node())
            .list(Columns::text)) {
      turn.madeRoom(worker);
    }
    turn.bind(Sql.FORGET_NODES).time(turn.now().minus(Store.LOST_WITHIN)).update();
    return swept(turn, Upkeep.RESCUE, due.size(), max);
  }

  /** Whichever of its clocks ran out first decides. */
  private static void lookAfter(Turn turn, Head head) throws SQLException {
    if (head.phase() == Phase.SUSPENDED) {
      SuspendStep.expire(turn, head);
      return;
    }
    Head.Hold hold = Objects.requireNonNull(head.hold());
    Instant until = hold.until();
    Instant runUntil = hold.runUntil();
    if (until == null) {
      rescue(turn, head);
    } else if (first(head.deadlineAt(), runUntil, until)) {
      Ends.takeAway(turn, head, Phase.TIMED_OUT, Overdue.deadline(head.attempt(), false), null);
    } else if (runUntil != null && !until.isBefore(runUntil)) {
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
    JobError error = Overdue.runTimeout(head.attempt(), head.runTimeout(), retried);
    if (!retried || head.attempt() >= head.maxAttempts()) {
      Ends.takeAway(turn, head, Phase.TIMED_OUT, error, null);
      return;
    }
    ParkStep.giveBack(turn, head, GrantEnd.timedOut(error, nextAttempt(turn, head)));
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
      Ends.takeAway(turn, head, Phase.FAILED, error, null);
      return;
    }
    ParkStep.giveBack(turn, head, GrantEnd.lost(error));
  }

  private static boolean lostTooOften(Turn turn, Head head) throws SQLException {
    int most = turn.workers().maxLost(head.worker());
    if (head.course().lost() + 1 < most) {
      return false;
    }
    Instant since = turn.now().minus(Store.LOST_WITHIN);
    return turn.bind(Sql.LOST_SINCE).id(head.id()).time(since).count() + 1 >= most;
  }

  /** When the sweep has something to do again; at once if it was cut short. */
  static Sweep swept(Turn turn, Upkeep upkeep, int moved, int max) throws SQLException {
    Instant again = moved >= max ? turn.now() : Outlook.next(turn, upkeep);
    turn.news().swept(upkeep, again);
    return new Sweep(moved, again);
  }
}
