package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.Form;
import dev.coatcheck.store.base.Upkeep;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Deletes finished jobs past their retention, with all their rows, and expired files. */
final class PruneStep {

  static final Duration KEYS_KEPT = Duration.ofHours(24);
  static final Duration IDS_KEPT = Duration.ofDays(30);

  private record Old(JobId id, String tenant, String metadata) {}

  private record Letter(String worker, boolean open) {}

  private PruneStep() {}

  static Sweep take(Turn turn, int max) throws SQLException {
    List<Old> due =
        turn.bind(Sql.PRUNE_DUE)
            .time(turn.now())
            .number(max)
            .list(row -> new Old(row.id(), row.text(), row.text()));
    if (!due.isEmpty()) {
      delete(turn, due);
    }
    int files = FileStep.prune(turn, max);
    turn.bind(Sql.FORGET_KEYS).time(turn.now()).update();
    turn.bind(Sql.FORGET_PRUNED).time(turn.now()).update();
    turn.bind(Sql.FORGET_OPERATIONS).time(turn.now().minus(Command.OPERATION_KEPT)).update();
    return SweepStep.swept(turn, Upkeep.PRUNE, due.size() + files, max);
  }

  private static void delete(Turn turn, List<Old> due) throws SQLException {
    List<JobId> ids = due.stream().map(Old::id).toList();
    for (Sql sql :
        List.of(
            Sql.DELETE_COURSE,
            Sql.DELETE_ATTEMPTS,
            Sql.DELETE_NOTES,
            Sql.DELETE_CALLBACKS,
            Sql.DELETE_SUSPENSIONS,
            Sql.DELETE_LATE_USAGE,
            Sql.DELETE_RETRIES,
            Sql.DELETE_USES_OF_JOBS,
            Sql.DELETE_DONE,
            Sql.DELETE_JOB)) {
      turn.bind(sql).ids(ids).update();
    }
    for (Letter letter :
        turn.bind(Sql.DELETE_DEAD_LETTERS)
            .ids(ids)
            .list(row -> new Letter(row.text(), row.text().equals("open")))) {
      turn.counters().deadLetters(letter.worker(), letter.open() ? -1 : 0);
    }
    List<Bind> rows = new ArrayList<>();
    for (Old job : due) {
      turn.bind(Sql.ORPHAN_KEYS).id(job.id()).duration(KEYS_KEPT).update();
      rows.add(
          turn.bind(Sql.INSERT_PRUNED)
              .id(job.id())
              .text(job.tenant())
              .time(turn.now().plus(IDS_KEPT)));
    }
    Bind.all(rows);
    Bind.all(due.stream().flatMap(job -> tags(turn, job).stream()).toList());
  }

  private static List<Bind> tags(Turn turn, Old job) {
    return Form.decode(job.metadata()).entrySet().stream()
        .filter(entry -> turn.fixed().indexedMetadata().contains(entry.getKey()))
        .map(entry ->
            turn.bind(Sql.DELETE_TAG)
                .text(job.tenant())
                .text(entry.getKey())
                .text(entry.getValue())
                .id(job.id()))
        .toList();
  }
}
