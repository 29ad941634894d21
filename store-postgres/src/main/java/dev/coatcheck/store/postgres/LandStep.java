package dev.coatcheck.store.postgres;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.store.base.JobRecord;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Gives the outcome of a run that is over to the jobs that shared it, so many in a transaction. */
final class LandStep {

  private static final int RUNS = 20;

  private record Landing(JobId run, TenantId tenant, boolean paid) {}

  private LandStep() {}

  /** How many jobs were given theirs. */
  static int take(Turn turn, int max) throws SQLException {
    List<Landing> landings =
        turn.bind(Sql.LANDINGS)
            .number(RUNS)
            .list(row -> new Landing(row.id(), new TenantId(row.text()), row.flag()));
    int landed = 0;
    for (Landing landing : landings) {
      landed += land(turn, landing, max - landed);
      if (landed >= max) {
        return landed;
      }
      turn.bind(Sql.DELETE_LANDING).id(landing.run()).update();
    }
    return landed;
  }

  private static int land(Turn turn, Landing landing, int max) throws SQLException {
    JobRecord run =
        Objects.requireNonNull(
            JobRow.find(turn.session(), Sql.LISTED_JOB, landing.tenant(), landing.run()));
    List<JobId> ids = turn.bind(Sql.FOLLOWERS).id(landing.run()).number(max).list(Columns::id);
    boolean paid = landing.paid();
    for (Head follower : Head.find(turn, ids)) {
      land(turn, follower, run.job(), !paid);
      paid = true;
    }
    if (paid && !landing.paid()) {
      turn.bind(Sql.PAY_LANDING).id(landing.run()).update();
    }
    return ids.size();
  }

  private static void land(Turn turn, Head follower, Job run, boolean pays) throws SQLException {
    Phase to = run.phase();
    Instant expiresAt = Ends.expiry(turn, follower, to);
    turn.bind(Sql.LAND)
        .id(follower.id())
        .text(follower.tenant().value())
        .time(turn.now())
        .time(expiresAt)
        .time(ReuseStep.since(run.times().startedAt(), follower.id()))
        .usage(pays ? run.usage() : Usage.NONE)
        .id(run.id())
        .update();
    follower.leave(turn);
    Ends.ended(turn, follower, to, run.error(), expiresAt);
  }
}
