package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.GrantEnd;
import dev.coatcheck.store.base.Millis;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Ends every lease of a database that was put back to an earlier state. */
final class FenceStep {

  private FenceStep() {}

  static Restore take(Turn turn, Instant cutAt) throws SQLException {
    Object[] leases =
        turn.bind(Sql.LOCK_HELD).list(row -> Objects.requireNonNull(row.uuid())).toArray();
    int ended = 0;
    for (List<JobId> held = page(turn, leases); !held.isEmpty(); held = page(turn, leases)) {
      List<Head> heads = Head.find(turn, held);
      if (heads.size() < held.size()) {
        throw new IllegalStateException("a lease holds a job that there is not");
      }
      for (Head head : heads) {
        ParkStep.giveBack(turn, head, GrantEnd.released());
      }
      ended += heads.size();
    }
    turn.bind(Sql.DELETE_OVER).array("uuid", leases).update();
    Restore restore = new Restore(Millis.of(cutAt), turn.now(), ended);
    turn.bind(Sql.INSERT_RESTORE)
        .time(restore.cutAt())
        .time(restore.restoredAt())
        .number(ended)
        .update();
    return restore;
  }

  private static List<JobId> page(Turn turn, Object[] leases) throws SQLException {
    return turn.bind(Sql.HELD).array("uuid", leases).number(Sweep.SLICE).list(Columns::id);
  }
}
