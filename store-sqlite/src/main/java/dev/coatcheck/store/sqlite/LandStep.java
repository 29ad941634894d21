package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Gives the outcome of a run that is over to the jobs that shared it, so many in a transaction. */
final class LandStep {

  private static final int RUNS = 20;

  private record Landing(JobId run, TenantId tenant, boolean paid) {}

  private LandStep() {}

  /** How many jobs were given theirs. */
  static int take(Turn turn, int max) throws SQLException {
    int landed = 0;
    for (Landing landing : landings(turn)) {
      JobRow run =
          Objects.requireNonNull(
              JobRow.find(turn.bind(Sql.JOB), landing.tenant(), landing.run(), true));
      List<Head> followers =
          Head.list(turn.bind(Sql.FOLLOWERS).id(landing.run()).number(max - landed));
      boolean paid = landing.paid();
      for (Head follower : followers) {
        land(turn, follower, run, !paid);
        if (!paid) {
          turn.bind(Sql.PAY_LANDING).number(run.seq()).update();
          paid = true;
        }
      }
      landed += followers.size();
      if (landed >= max) {
        return landed;
      }
      turn.bind(Sql.DELETE_LANDING).number(run.seq()).update();
    }
    return landed;
  }

  static boolean any(Turn turn) throws SQLException {
    try (ResultSet rows = turn.bind(Sql.ANY_LANDING).query()) {
      return rows.next();
    }
  }

  private static List<Landing> landings(Turn turn) throws SQLException {
    List<Landing> landings = new ArrayList<>();
    try (ResultSet rows = turn.bind(Sql.LANDINGS).number(RUNS).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        landings.add(new Landing(row.id(), new TenantId(row.text()), row.flag()));
      }
    }
    return landings;
  }

  private static void land(Turn turn, Head follower, JobRow run, boolean pays) throws SQLException {
    Phase to = run.job().phase();
    Instant expiresAt = Ends.expiry(turn, follower, to);
    turn.bind(Sql.LAND)
        .number(follower.seq())
        .number(run.seq())
        .time(turn.now())
        .time(expiresAt)
        .flag(pays)
        .update();
    if (run.job().output() != null && SettleStep.large(run.job().output())) {
      turn.bind(Sql.COPY_OUTPUT).number(follower.seq()).number(run.seq()).update();
    }
    Ends.ended(turn, follower, to, run.job().error(), expiresAt);
  }
}
