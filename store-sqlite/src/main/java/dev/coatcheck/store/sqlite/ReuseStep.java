package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.base.Upkeep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What jobs that ask for the same work share: a success that is kept, or a run under way. */
final class ReuseStep {

  static final int KEPT = 1;
  static final int SHARED = 2;

  /** A run is kept longer than the jobs that shared it, for what happened to it is told of them. */
  static final Duration KEPT_LONGER = Duration.ofHours(1);

  /**
   * A run under way.
   *
   * @param lead the job that began it
   */
  record Flight(JobId run, JobId lead, int priority) {}

  private ReuseStep() {}

  /** The job whose success answers; null for none. */
  static @Nullable Long answer(Turn turn, NewJob job, Reuse reuse) throws SQLException {
    turn.flush();
    try (ResultSet rows =
        turn.bind(Sql.FIND_ANSWER)
            .text(job.tenant().value())
            .payload(reuse.likeness())
            .time(turn.now())
            .query()) {
      return rows.next() ? (Long) rows.getLong(1) : null;
    }
  }

  /** The run that the job can share; null for none. */
  static @Nullable Flight flight(Turn turn, NewJob job, Reuse reuse) throws SQLException {
    turn.flush();
    try (ResultSet rows =
        turn.bind(Sql.FIND_FLIGHT).text(job.tenant().value()).payload(reuse.likeness()).query()) {
      Columns row = new Columns(rows);
      return row.next() ? new Flight(row.id(), row.id(), row.count()) : null;
    }
  }

  /** Others may share a run from now on. */
  static void begin(Turn turn, NewJob first, Reuse reuse, long run) throws SQLException {
    turn.bind(Sql.INSERT_FLIGHT)
        .text(first.tenant().value())
        .payload(reuse.likeness())
        .number(run)
        .update();
  }

  /** A job that others may share something of has ended. */
  static void ended(Turn turn, Head head, Phase to) throws SQLException {
    if (head.kept() && to == Phase.SUCCEEDED) {
      turn.bind(Sql.KEEP_ANSWER)
          .number(head.seq())
          .text(head.tenant().shown().value())
          .time(turn.now())
          .update();
    }
    if (head.shared()) {
      turn.bind(Sql.DELETE_FLIGHT).number(head.seq()).update();
      turn.bind(Sql.INSERT_LANDING).number(head.seq()).update();
      turn.hints().due(Upkeep.STAGE, turn.now());
    }
  }

  /** The run that a job shares. */
  static @Nullable Head run(Turn turn, Head follower) throws SQLException {
    return follower.flight() == null ? null : Head.find(turn, follower.flight());
  }

  /**
   * Lets a job share its run no longer, before it ends by itself. What it is told after that comes
   * after all that it was told of the run.
   */
  static Head leave(Turn turn, Head follower, Head run) throws SQLException {
    Instant startedAt = run.times().startedAt();
    Instant since = startedAt == null ? null : later(startedAt, follower);
    turn.bind(Sql.LEAVE_FLIGHT)
        .number(follower.seq())
        .number(run.fence())
        .number(run.attempt())
        .time(since)
        .update();
    return follower.left(run.fence(), run.attempt());
  }

  private static Instant later(Instant startedAt, Head follower) {
    Instant created = follower.id().createdAt();
    return created.isAfter(startedAt) ? created : startedAt;
  }

  /** Ends a run that nobody shares any more. */
  static void endIfAlone(Turn turn, Head run) throws SQLException {
    boolean alone;
    try (ResultSet rows = turn.bind(Sql.FOLLOWERS).id(run.id()).number(1).query()) {
      alone = !rows.next();
    }
    if (alone && !run.phase().done()) {
      CancelStep.cancel(turn, run, run.phase());
    }
  }
}
