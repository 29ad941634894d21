package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.Form;
import dev.coatcheck.store.base.Upkeep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Deletes finished jobs past their retention, with all their rows, and expired files. */
final class PruneStep {

  static final Duration KEYS_KEPT = Duration.ofHours(24);
  static final Duration IDS_KEPT = Duration.ofDays(30);

  private record Old(long seq, JobId id, String tenant, String metadata) {}

  private PruneStep() {}

  static Sweep take(Turn turn, int max) throws SQLException {
    turn.flush();
    List<Old> due = due(turn, max);
    for (Old job : due) {
      delete(turn, job);
    }
    int files = FileStep.prune(turn, max);
    turn.bind(Sql.FORGET_KEYS).time(turn.now()).update();
    turn.bind(Sql.FORGET_ANSWERS).time(turn.now()).update();
    turn.bind(Sql.FORGET_PRUNED).time(turn.now()).update();
    turn.bind(Sql.FORGET_OPERATIONS).time(turn.now().minus(Command.OPERATION_KEPT)).update();
    return SweepStep.swept(turn, Upkeep.PRUNE, Sql.NEXT_PRUNE, due.size() + files, max);
  }

  private static List<Old> due(Turn turn, int max) throws SQLException {
    List<Old> due = new ArrayList<>();
    try (ResultSet rows = turn.bind(Sql.PRUNE_DUE).time(turn.now()).number(max).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        due.add(new Old(row.number(), row.id(), row.text(), row.text()));
      }
    }
    return due;
  }

  private static void delete(Turn turn, Old job) throws SQLException {
    for (Sql sql :
        List.of(
            Sql.DELETE_PAYLOAD,
            Sql.DELETE_ATTEMPTS,
            Sql.DELETE_NOTES,
            Sql.DELETE_CALLBACKS,
            Sql.DELETE_SUSPENSION,
            Sql.DELETE_LATE_USAGE,
            Sql.DELETE_USES_OF_JOB)) {
      turn.bind(sql).number(job.seq()).update();
    }
    for (Map.Entry<String, String> entry : Form.decode(job.metadata()).entrySet()) {
      turn.bind(Sql.DELETE_TAG)
          .text(job.tenant())
          .text(entry.getKey())
          .text(entry.getValue())
          .id(job.id())
          .update();
    }
    try (ResultSet rows = turn.bind(Sql.DELETE_DEAD_LETTER).number(job.seq()).query()) {
      Columns row = new Columns(rows);
      if (row.next()) {
        String worker = row.text();
        turn.counters().deadLetters(worker, "open".equals(row.text()) ? -1 : 0);
      }
    }
    turn.bind(Sql.ORPHAN_KEYS).id(job.id()).duration(KEYS_KEPT).update();
    turn.bind(Sql.DELETE_JOB).number(job.seq()).update();
    turn.bind(Sql.INSERT_PRUNED)
        .id(job.id())
        .text(job.tenant())
        .time(turn.now().plus(IDS_KEPT))
        .update();
  }
}
