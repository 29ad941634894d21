package dev.coatcheck.testkit;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a runner tells while it works, and of usage a little longer. */
final class Notes {

  private final Transaction tx;

  Notes(Transaction tx) {
    this.tx = tx;
  }

  Result.AppendResult append(Command.Append command) {
    Row row = tx.held(command.lease());
    if (row == null) {
      return new Result.LeaseLost();
    }
    if (hasGap(row, command.notes())) {
      return new Result.OutputGap(row.chunks);
    }
    for (Note note : command.notes()) {
      append(row, note);
    }
    if (command.usage() != null) {
      row.last().usage = row.last().usage.replacedBy(command.usage());
    }
    tx.tellChange(row);
    return new Result.Appended(row.chunks);
  }

  private static boolean hasGap(Row row, List<Note> notes) {
    long chunks = row.chunks;
    for (Note note : notes) {
      if (note instanceof Note.Output output) {
        if (output.offset() > chunks) {
          return true;
        }
        chunks = Math.max(chunks, output.offset() + output.chunks().size());
      }
    }
    return false;
  }

  private void append(Row row, Note note) {
    switch (note) {
      case Note.Progressed(Progress progress) -> progressed(row, progress);
      case Note.Logged(String level, String message) ->
          row.tellNote(id -> new JobEvent.Logged(id, tx.now, level, message));
      case Note.Output(long offset, List<String> chunks) -> {
        long from = row.chunks;
        if (offset + chunks.size() > from) {
          List<String> fresh = List.copyOf(chunks.subList((int) (from - offset), chunks.size()));
          row.tellNote(id -> new JobEvent.Output(id, tx.now, row.attempt, from, fresh));
          row.chunks = offset + chunks.size();
        }
      }
    }
  }

  /** The job is this far, as its runner or a callback tells. */
  void progressed(Row row, Progress progress) {
    row.progress = progress;
    row.tellNote(id -> new JobEvent.Progressed(id, tx.now, progress));
  }

  Result.UsageResult reportUsage(LeaseToken lease, Usage usage) {
    Row row = tx.held(lease);
    if (row != null) {
      row.last().usage = row.last().usage.replacedBy(usage);
      tx.tellChange(row);
      return new Result.UsageKept(false);
    }
    GrantRow ended = ended(lease);
    if (ended == null) {
      return new Result.LeaseLost();
    }
    ended.usage = ended.usage.replacedBy(usage);
    ended.late = true;
    return new Result.UsageKept(true);
  }

  /** The grant of a lease that ended so lately that its usage is still taken. */
  private @Nullable GrantRow ended(LeaseToken lease) {
    Row row = tx.table.rows.get(lease.job());
    GrantRow grant = row == null ? null : row.grant(lease).orElse(null);
    Instant ended = grant == null ? null : grant.finishedAt;
    return ended == null || ended.plus(Command.LATE_USAGE).isBefore(tx.now) ? null : grant;
  }
}
