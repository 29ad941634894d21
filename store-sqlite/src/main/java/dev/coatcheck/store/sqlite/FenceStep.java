package dev.coatcheck.store.sqlite;

import dev.coatcheck.store.Restore;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.GrantEnd;
import dev.coatcheck.store.base.Millis;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Ends every lease of a file that was put back to an earlier state. */
final class FenceStep {

  private FenceStep() {}

  static Restore take(Turn turn, Instant cutAt) throws SQLException {
    turn.flush();
    int leases = 0;
    for (List<Head> held = page(turn); !held.isEmpty(); held = page(turn)) {
      for (Head head : held) {
        end(turn, head);
      }
      leases += held.size();
    }
    Restore restore = new Restore(Millis.of(cutAt), turn.now(), leases);
    turn.bind(Sql.INSERT_RESTORE)
        .time(restore.cutAt())
        .time(restore.restoredAt())
        .number(leases)
        .update();
    return restore;
  }

  private static List<Head> page(Turn turn) throws SQLException {
    return Head.held(turn, Sweep.SLICE);
  }

  private static void end(Turn turn, Head head) throws SQLException {
    if (!ParkStep.giveBack(turn, head, SweepStep.secret(head), GrantEnd.released())) {
      throw new IllegalStateException("nobody holds " + head.id() + ", which runs");
    }
  }
}
