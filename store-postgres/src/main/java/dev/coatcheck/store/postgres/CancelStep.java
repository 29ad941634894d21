package dev.coatcheck.store.postgres;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Overdue;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ends an open job for its owner, and hears later that its runner has stopped. */
final class CancelStep {

  private CancelStep() {}

  static Result.CancelResult take(Turn turn, Command.Cancel command) throws SQLException {
    return (Result.CancelResult) take(turn, command, null);
  }

  /** Leaves an open job alone whose status is not the given one, if one is given. */
  static Result take(Turn turn, Command.Cancel command, @Nullable JobStatus only)
      throws SQLException {
    turn.flush(command.job());
    Head head = Head.lock(turn, command.job());
    if (head == null || !head.tenant().equals(command.tenant())) {
      return new Result.NoSuchJob();
    }
    if (only != null && !head.phase().done() && head.phase().status() != only) {
      return new Result.Elsewhere();
    }
    if (head.phase().done()) {
      return new Result.AlreadyDone(job(turn, command));
    }
    Head run = ReuseStep.run(turn, head);
    if (run == null) {
      cancel(turn, head, head.phase());
    } else {
      // It was what its run was; while that waits to be told, it still ran.
      Phase was = run.phase().done() ? Phase.RUNNING : run.phase();
      cancel(turn, head.endingWith(run.fence(), run.attempt()), was);
      ReuseStep.left(turn, head, run);
      ReuseStep.endIfAlone(turn, run, head.id());
    }
    return new Result.Canceled(job(turn, command));
  }

  static void cancel(Turn turn, Head head, Phase phase) throws SQLException {
    JobError error = Overdue.canceled(head.attempt());
    String was = phase.name().toLowerCase(Locale.ROOT);
    if (head.phase() == Phase.SUSPENDED) {
      SuspendStep.leave(turn, head, Attempt.State.CANCELED, null, null);
    }
    if (head.phase() == Phase.RUNNING) {
      Ends.takeAway(turn, head, Phase.CANCELED, error, was);
    } else {
      Ends.finish(turn, head, Phase.CANCELED, error, was);
    }
  }

  private static Job job(Turn turn, Command.Cancel command) throws SQLException {
    return Objects.requireNonNull(
        JobRow.seen(turn.session(), Sql.JOB, command.tenant(), command.job()));
  }

  static Result stopped(Turn turn, LeaseToken lease) throws SQLException {
    turn.flush(lease.job());
    int met =
        turn.bind(Sql.RUNNER_STOPPED)
            .id(lease.job())
            .number(lease.fence() + 1)
            .secret(lease)
            .time(turn.now())
            .update();
    if (met > 0) {
      turn.news().changed(lease.job(), Phase.CANCELED);
    }
    return new Result.Noted();
  }
}
