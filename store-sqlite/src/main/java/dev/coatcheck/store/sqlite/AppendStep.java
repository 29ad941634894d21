package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Additions;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds what a runner reports to the history of its job. */
final class AppendStep {

  private static final Progress NO_PROGRESS = new Progress(null, null, null);

  private AppendStep() {}

  static Result.AppendResult take(Turn turn, Command.Append command) throws SQLException {
    LeaseToken lease = command.lease();
    turn.flush();
    Head head = Head.running(turn, lease);
    if (head == null) {
      return new Result.LeaseLost();
    }
    Additions.Before before =
        new Additions.Before(head.fence(), head.attempt(), head.notes(), head.chunks());
    Optional<Additions> added = Additions.of(before, command.notes());
    return added.isEmpty()
        ? new Result.OutputGap(head.chunks())
        : append(turn, head, lease, added.get(), command.usage());
  }

  private static Result.AppendResult append(
      Turn turn, Head head, LeaseToken lease, Additions added, @Nullable Usage usage)
      throws SQLException {
    Progress progressed = added.progress();
    Progress latest = progressed == null ? NO_PROGRESS : progressed;
    int met =
        turn.bind(Sql.APPEND)
            .number(head.seq())
            .number(lease.fence())
            .secret(lease)
            .number(added.notes())
            .number(added.chunks())
            .flag(progressed != null)
            .real(latest.fraction())
            .text(latest.stage())
            .text(latest.message())
            .usage(usage == null ? Usage.NONE : usage)
            .update();
    if (met == 0) {
      return new Result.LeaseLost();
    }
    for (Additions.Row row : added.rows()) {
      insert(turn, head, row).update();
    }
    turn.tell(head, Phase.RUNNING);
    return new Result.Appended(added.chunks());
  }

  /** A row of the job's history, to be inserted. */
  static Bind insert(Turn turn, Head head, Additions.Row row) throws SQLException {
    return turn.bind(Sql.INSERT_NOTE)
        .number(head.seq())
        .number(row.id())
        .time(turn.now())
        .text(row.kind())
        .text(row.label())
        .text(row.text())
        .real(row.fraction())
        .number(row.epoch())
        .number(row.position());
  }
}
