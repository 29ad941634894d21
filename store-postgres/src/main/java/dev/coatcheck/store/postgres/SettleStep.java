package dev.coatcheck.store.postgres;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.sql.SQLException;
import java.util.List;

/** Ends a job by the holder of its lease. The statement itself checks the token. */
final class SettleStep {

  private SettleStep() {}

  /** Adds its result to the others. */
  static void take(Turn turn, Command.Settle command, List<Result> results) throws SQLException {
    LeaseToken lease = command.lease();
    turn.flush(lease.job());
    if (command.outcome() instanceof Outcome.Succeeded succeeded && !succeeded.files().isEmpty()) {
      Head head = Head.running(turn, lease);
      FileId missing =
          head == null ? null : FileStep.missing(turn, head.tenant().shown(), succeeded.files());
      if (missing != null) {
        results.add(new Result.NoSuchFile(missing));
        return;
      }
    }
    turn.completions().add(results, lease, command.outcome());
  }
}
