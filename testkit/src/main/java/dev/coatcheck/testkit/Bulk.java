package dev.coatcheck.testkit;

import dev.coatcheck.job.DeadLetter.State;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Deed;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Slice;
import dev.coatcheck.testkit.Agenda.Upkeep;
import java.util.Objects;
import java.util.Optional;

/** What is done to dead letters, and to many jobs in slices. */
final class Bulk {

  private final Transaction tx;
  private final Table table;
  private final Intake intake;
  private final Outcomes outcomes;

  Bulk(Transaction tx, Intake intake, Outcomes outcomes) {
    this.tx = tx;
    this.table = tx.table;
    this.intake = intake;
    this.outcomes = outcomes;
  }

  Result.RedriveResult redrive(NewJob job) {
    JobId original = Objects.requireNonNull(job.retryOf());
    Optional<DeadLetterEntry> letter = table.letters.find(job.tenant(), original);
    if (letter.isEmpty()) {
      return new Result.NotADeadLetter();
    }
    if (letter.get().state() == State.DISCARDED) {
      return new Result.LetterDiscarded();
    }
    if (letter.get().state() == State.REDRIVEN) {
      return new Result.AlreadyRedriven(Objects.requireNonNull(letter.get().redrivenAs()));
    }
    for (FileId file : job.files()) {
      if (table.file(job.tenant(), file) == null) {
        return new Result.NoSuchFile(file);
      }
    }
    if (table.queued(job.worker()) >= job.queueLimit()) {
      return new Result.QueueFull(job.queueLimit());
    }
    return new Result.Redriven(intake.store(job));
  }

  Result discard(Command.Discard command) {
    int letters = 0;
    for (JobId job : command.jobs()) {
      Row row = table.row(command.tenant(), job);
      if (row != null && table.closeDeadLetter(row, State.DISCARDED, null)) {
        letters++;
      }
    }
    return new Result.Discarded(letters);
  }

  Result begin(Command.Begin begin) {
    Operation operation =
        Operation.begun(
            begin.id(), begin.tenant(), begin.order(), begin.pace(), begin.matched(), tx.now);
    table.operations.put(begin.id(), operation);
    return new Result.Begun(operation);
  }

  Result.AdvanceResult advance(Command.Advance command) {
    OperationId id = command.operation();
    Operation before = table.operations.get(id);
    if (before == null || before.done() || before.version() != command.version()) {
      return new Result.Overtaken();
    }
    if (before.dueAt().isAfter(tx.now)) {
      return new Result.NotYet();
    }
    Result.Advanced advanced = Slice.of(before, command, tx.now, deed -> act(before, deed));
    Operation after = advanced.operation();
    table.operations.put(id, after);
    if (after.finishedAt() != null) {
      tx.told.due(Upkeep.PRUNE, after.finishedAt().plus(Command.OPERATION_KEPT));
    }
    return advanced;
  }

  private Result act(Operation operation, Deed deed) {
    return switch (deed) {
      case Deed.Redrive(var place, var job) -> redrive(job);
      case Deed.Refuse refuse -> new Result.Refused();
      case Deed.Cancel(var place, var only) -> {
        Row row = table.row(operation.tenant(), place.job());
        boolean elsewhere =
            row != null && !row.phase.done() && only != null && only != row.phase.status();
        yield elsewhere
            ? new Result.Elsewhere()
            : outcomes.cancel(new Command.Cancel(operation.tenant(), place.job()));
      }
    };
  }
}
