package dev.coatcheck.store.postgres;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** What a human decides on dead letters. */
final class LetterStep {

  private LetterStep() {}

  /** The letter is locked before it is judged: who comes second finds it as the first left it. */
  static Result.RedriveResult redrive(Turn turn, NewJob job) throws SQLException {
    JobId original = Objects.requireNonNull(job.retryOf());
    turn.flush(original);
    LetterList.Letter letter =
        LetterList.letter(turn.bind(Sql.LOCK_LETTER), job.tenant(), original);
    if (letter == null) {
      return new Result.NotADeadLetter();
    }
    return switch (letter.state()) {
      case DISCARDED -> new Result.LetterDiscarded();
      case REDRIVEN -> new Result.AlreadyRedriven(Objects.requireNonNull(letter.redrivenAs()));
      case OPEN -> again(turn, job, original);
    };
  }

  private static Result.RedriveResult again(Turn turn, NewJob job, JobId original)
      throws SQLException {
    FileId missing = FileStep.missing(turn, job.tenant(), job.files());
    if (missing != null) {
      return new Result.NoSuchFile(missing);
    }
    return SubmitStep.full(turn, job, 0)
        ? new Result.QueueFull(job.queueLimit())
        : SubmitStep.redrive(turn, job, original);
  }

  static Result discard(Turn turn, Command.Discard command) throws SQLException {
    turn.flush();
    List<String> workers =
        turn.bind(Sql.DISCARD_LETTERS)
            .ids(command.jobs())
            .text(command.tenant().value())
            .list(Columns::text);
    for (String worker : workers) {
      turn.counters().deadLetters(worker, -1);
    }
    return new Result.Discarded(workers.size());
  }
}
