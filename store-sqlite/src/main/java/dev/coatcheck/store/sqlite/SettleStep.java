package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Ends a job by the holder of its lease. The statements themselves check the token. */
final class SettleStep {

  private SettleStep() {}

  static boolean large(Payload payload) {
    return payload.size() > SubmitStep.INLINE_MAX;
  }

  /** Adds its result to the others. */
  static void take(Turn turn, Command.Settle command, List<Result> results) throws SQLException {
    LeaseToken lease = command.lease();
    Head head = turn.held().find(turn, lease);
    if (head == null) {
      results.add(new Result.LeaseLost());
      return;
    }
    switch (command.outcome()) {
      case Outcome.Succeeded succeeded -> succeed(turn, head, lease, succeeded, results);
      case Outcome.Failed failed ->
          results.add(fail(turn, head, lease, Phase.FAILED, failed.error(), failed.usage()));
      case Outcome.TimedOut timedOut ->
          results.add(fail(turn, head, lease, Phase.TIMED_OUT, timedOut.error(), timedOut.usage()));
    }
  }

  private static void succeed(
      Turn turn, Head head, LeaseToken lease, Outcome.Succeeded succeeded, List<Result> results)
      throws SQLException {
    if (!succeeded.files().isEmpty()) {
      turn.flush();
      FileId missing = FileStep.missing(turn, head.tenant().shown(), succeeded.files());
      if (missing != null) {
        Grants.Known known = Grants.find(turn::bind, lease);
        boolean holds = known != null && known.standing() instanceof Standing.Held;
        results.add(holds ? new Result.NoSuchFile(missing) : new Result.LeaseLost());
        return;
      }
    }
    turn.completions().add(results, head, lease, succeeded);
  }

  private static Result.SettleResult fail(
      Turn turn, Head head, LeaseToken lease, Phase to, JobError error, Usage usage)
      throws SQLException {
    turn.flush();
    Instant expiresAt = Ends.expiry(turn, head, to);
    int met =
        turn.bind(Sql.FAIL)
            .number(head.seq())
            .number(lease.fence())
            .secret(lease)
            .time(turn.now())
            .time(expiresAt)
            .text(to.status().wire())
            .number(0)
            .usage(usage)
            .error(error)
            .update();
    if (met == 0) {
      return new Result.LeaseLost();
    }
    Resumption.spend(turn, head);
    boolean dead = Ends.ended(turn, head, to, error, expiresAt);
    return new Result.Settled(head.finished(to, turn.now()), dead);
  }
}
