package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.base.Upkeep;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
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
  static @Nullable JobId answer(Turn turn, NewJob job, Reuse reuse) throws SQLException {
    return turn.bind(Sql.FIND_ANSWER)
        .text(job.tenant().value())
        .payload(reuse.likeness())
        .time(turn.now())
        .first(Columns::id);
  }

  /** The run that the job can share, which is not over before this transaction; null for none. */
  static @Nullable Flight flight(Turn turn, NewJob job, Reuse reuse) throws SQLException {
    turn.flush();
    return turn.bind(Sql.FIND_FLIGHT)
        .text(job.tenant().value())
        .payload(reuse.likeness())
        .first(row -> new Flight(row.id(), row.id(), row.count()));
  }

  /** Others may share a run from now on; false if there is another one by now. */
  static boolean begin(Turn turn, NewJob first, Reuse reuse, JobId run) throws SQLException {
    return turn.bind(Sql.INSERT_FLIGHT)
            .text(first.tenant().value())
            .payload(reuse.likeness())
            .id(run)
            .update()
        > 0;
  }

  /** A more urgent job shares the run. */
  static void raise(Turn turn, JobId run, int priority) throws SQLException {
    Head head = Head.lock(turn, run);
    if (head == null || head.phase().done() || head.priority() >= priority) {
      return;
    }
    if (head.phase() == Phase.READY) {
      head.leave(turn);
    }
    turn.bind(Sql.RAISE_FLIGHT).id(run).number(priority).update();
    if (head.phase() == Phase.READY) {
      Queue.Place place =
          new Queue.Place(
              run, head.worker(), head.lane(), head.fence(), head.attempt(), head.keepAttempt());
      Instant clock =
          head.clock(head.attempt() - (head.keepAttempt() ? 1 : 0), head.course().begun());
      Queue.ready(turn, place, priority, head.course().storied(), clock).update();
    }
  }

  /** A job that others may share something of has ended. */
  static void ended(Turn turn, JobId job, TenantId tenant, Head.Shares shares, Phase to)
      throws SQLException {
    if (shares.kept() && to == Phase.SUCCEEDED) {
      turn.bind(Sql.KEEP_ANSWER).id(job).text(tenant.shown().value()).time(turn.now()).update();
    }
    if (shares.shared()) {
      turn.bind(Sql.DELETE_FLIGHT).id(job).update();
      turn.bind(Sql.INSERT_LANDING).id(job).update();
      turn.news().due(Upkeep.STAGE, turn.now());
    }
  }

  /** The run that a job shares, which nobody joins or leaves meanwhile; null for none. */
  static @Nullable Head run(Turn turn, Head follower) throws SQLException {
    JobId flight = follower.shares().flight();
    if (flight == null) {
      return null;
    }
    turn.bind(Sql.LOCK_FLIGHT).id(flight).run();
    return Objects.requireNonNull(Head.find(turn, flight));
  }

  /** Since when a job that shares the run has been running; null if it has not. */
  static @Nullable Instant since(@Nullable Instant startedAt, JobId follower) {
    Instant created = follower.createdAt();
    return startedAt == null || startedAt.isAfter(created) ? startedAt : created;
  }

  /** Notes since when a job that has ended by itself was running. */
  static void left(Turn turn, Head follower, Head run) throws SQLException {
    Instant since = since(run.times().startedAt(), follower.id());
    if (since != null) {
      turn.bind(Sql.START_FOLLOWER).id(follower.id()).time(since).update();
    }
  }

  /** Ends a run that nobody shares any more. */
  static void endIfAlone(Turn turn, Head run, JobId left) throws SQLException {
    if (!turn.bind(Sql.ANY_FOLLOWER).id(run.id()).id(left).any()) {
      Head locked = Head.lock(turn, run.id());
      if (locked != null && !locked.phase().done()) {
        CancelStep.cancel(turn, locked, locked.phase());
      }
    }
  }
}
