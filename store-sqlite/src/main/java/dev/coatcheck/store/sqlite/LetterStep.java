package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/** What a human decides on dead letters. */
final class LetterStep {

  private LetterStep() {}

  /**
   * Only one process writes: between the look and the change nothing can come. Nothing that was
   * gathered can have a dead letter, so it stays gathered.
   */
  static Result.RedriveResult redrive(Turn turn, NewJob job) throws SQLException {
    JobId original = Objects.requireNonNull(job.retryOf());
    LetterList.Letter letter = LetterList.letter(turn.bind(Sql.LETTER), job.tenant(), original);
    if (letter == null) {
      return new Result.NotADeadLetter();
    }
    return switch (letter.state()) {
      case DISCARDED -> new Result.LetterDiscarded();
      case REDRIVEN -> new Result.AlreadyRedriven(Objects.requireNonNull(letter.redrivenAs()));
      case OPEN -> again(turn, job);
    };
  }

  private static Result.RedriveResult again(Turn turn, NewJob job) throws SQLException {
    FileId missing = FileStep.missing(turn, job.tenant(), job.files());
    if (missing != null) {
      return new Result.NoSuchFile(missing);
    }
    if (turn.counters().queued(job.worker()) >= job.queueLimit()) {
      return new Result.QueueFull(job.queueLimit());
    }
    return new Result.Redriven(SubmitStep.store(turn, job));
  }

  static Result discard(Turn turn, Command.Discard command) throws SQLException {
    turn.flush();
    int letters = 0;
    for (JobId job : command.jobs()) {
      Bind update = turn.bind(Sql.DISCARD_LETTER).id(job).text(command.tenant().value());
      try (ResultSet rows = update.query()) {
        if (rows.next()) {
          turn.counters().deadLetters(rows.getString(1), -1);
          letters++;
        }
      }
    }
    return new Result.Discarded(letters);
  }
}
