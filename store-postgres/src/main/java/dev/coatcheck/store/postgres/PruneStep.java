package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.Upkeep;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Deletes finished jobs past their retention, with all their rows, and expired files. */
final class PruneStep {

  static final Duration KEYS_KEPT = Duration.ofHours(24);
  static final Duration IDS_KEPT = Duration.ofDays(30);

  /** Where another node deletes, it is looked again after so long: it may die. */
  private static final Duration ANOTHER = Duration.ofMinutes(1);

  private record Old(JobId id, String tenant) {}

  /** A dead letter that was deleted. */
  record Letter(String worker, boolean open) {

    static Letter of(Columns row) throws SQLException {
      return new Letter(row.text(), row.text().equals("open"));
    }

    void count(Turn turn) {
      turn.counters().deadLetters(worker, open ? -1 : 0);
    }
  }

  private PruneStep() {}

  /**
   * Deletes so many.
   *
   * @param toLookAt takes a day of which most may go at once
   */
  static Sweep take(Turn turn, int max, Consumer<Day> toLookAt) throws SQLException {
    if (!Boolean.TRUE.equals(turn.bind(Sql.PRUNE_DUTY).first(Columns::flag))) {
      Instant again = turn.now().plus(ANOTHER);
      turn.news().swept(Upkeep.PRUNE, again);
      return new Sweep(0, again);
    }
    List<Old> due =
        turn.bind(Sql.PRUNE_DUE)
            .time(turn.now())
            .number(max)
            .duration(OldDays.GATHERED)
            .list(row -> new Old(row.id(), row.text()));
    if (!due.isEmpty()) {
      delete(turn, due);
    }
    int files = FileStep.prune(turn, max);
    turn.bind(Sql.FORGET_KEYS).time(turn.now()).update();
    turn.bind(Sql.FORGET_ANSWERS).time(turn.now()).update();
    turn.bind(Sql.FORGET_PRUNED).time(turn.now()).update();
    turn.bind(Sql.FORGET_OPERATIONS).time(turn.now().minus(Command.OPERATION_KEPT)).update();
    Day day = OldDays.take(turn);
    if (day != null) {
      toLookAt.accept(day);
    }
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
            Sql.DELETE_TAGS,
            Sql.DELETE_DONE,
            Sql.DELETE_JOB)) {
      turn.bind(sql).ids(ids).update();
    }
    turn.bind(Sql.DELETE_DEAD_LETTERS)
        .ids(ids)
        .list(Letter::of)
        .forEach(letter -> letter.count(turn));
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
  }
}
