package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.sql.SQLException;
import java.time.Instant;

/** Ends a job by the holder of its lease. The statements themselves check the token. */
final class SettleStep {

  private SettleStep() {}

  static Result.SettleResult take(Turn turn, Command.Settle command) throws SQLException {
    turn.flush();
    LeaseToken lease = command.lease();
    Head head = Head.find(turn, lease.job());
    if (head == null || head.phase() != Phase.RUNNING || head.fence() != lease.fence()) {
      return new Result.LeaseLost();
    }
    return switch (command.outcome()) {
      case Outcome.Succeeded succeeded -> complete(turn, head, lease, succeeded);
      case Outcome.Failed failed ->
          fail(turn, head, lease, Phase.FAILED, failed.error(), failed.usage());
      case Outcome.TimedOut timedOut ->
          fail(turn, head, lease, Phase.TIMED_OUT, timedOut.error(), timedOut.usage());
    };
  }

  private static Result.SettleResult complete(
      Turn turn, Head head, LeaseToken lease, Outcome.Succeeded succeeded) throws SQLException {
    Instant expiresAt = Ends.expiry(turn, head, Phase.SUCCEEDED);
    Payload output = succeeded.output();
    boolean large = output.size() > SubmitStep.INLINE_MAX;
    int met =
        turn.bind(Sql.COMPLETE)
            .number(head.seq())
            .number(lease.fence())
            .secret(lease)
            .time(turn.now())
            .time(expiresAt)
            .payload(large ? null : output)
            .usage(succeeded.usage())
            .update();
    if (met == 0) {
      return new Result.LeaseLost();
    }
    if (large) {
      turn.bind(Sql.INSERT_PAYLOAD).number(head.seq()).text("output").payload(output).update();
    }
    Ends.ended(turn, head, Phase.SUCCEEDED, null, expiresAt);
    return new Result.Settled(Phase.SUCCEEDED, false, turn.now());
  }

  private static Result.SettleResult fail(
      Turn turn, Head head, LeaseToken lease, Phase to, JobError error, Usage usage)
      throws SQLException {
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
    return new Result.Settled(to, Ends.ended(turn, head, to, error, expiresAt), turn.now());
  }
}
