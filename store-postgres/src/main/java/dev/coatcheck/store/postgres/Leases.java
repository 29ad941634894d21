package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.RunnerId;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Leases as rows. */
final class Leases {

  /** A job under a lease. */
  record Member(JobId job, long fence, int attempt) {}

  private Leases() {}

  /** Jobs that this node was granted at once. */
  static void insert(Turn turn, UUID lease, String worker, List<Member> members)
      throws SQLException {
    row(turn, lease, worker, turn.fixed().node(), true)
        .time(null)
        .time(null)
        .time(null)
        .time(null)
        .payload(null)
        .ids(members.stream().map(Member::job).toList())
        .array("bigint", members.stream().map(Member::fence).toArray())
        .array("integer", members.stream().map(Member::attempt).toArray())
        .update();
    turn.after(() -> turn.holdings().begin(lease, members.size()));
  }

  /** The columns that all leases have. */
  static Bind row(Turn turn, UUID lease, String worker, RunnerId runner, boolean local) {
    return turn.bind(Sql.INSERT_LEASE)
        .uuid(lease)
        .text(worker)
        .runner(runner)
        .flag(local)
        .time(turn.now());
  }

  /** A grant ended whose job stays open, or was taken away: its member leaves the lease. */
  static void leave(Turn turn, UUID lease, JobId job) throws SQLException {
    int met = turn.bind(Sql.LEAVE_LEASE).uuid(lease).id(job).update();
    if (met == 0) {
      turn.bind(Sql.DELETE_LEASE).uuid(lease).update();
    }
    turn.after(() -> turn.holdings().end(lease, 1));
  }
}
