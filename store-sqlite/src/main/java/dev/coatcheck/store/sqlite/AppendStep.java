package dev.coatcheck.store.sqlite;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Chunks;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds what a runner reports to the history of its job. */
final class AppendStep {

  private static final Progress NO_PROGRESS = new Progress(null, null, null);

  private final Turn turn;
  private final Head head;
  private long notes;
  private long chunks;

  private AppendStep(Turn turn, Head head) {
    this.turn = turn;
    this.head = head;
    notes = head.notes();
    chunks = head.chunks();
  }

  static Result.AppendResult take(Turn turn, Command.Append command) throws SQLException {
    turn.flush();
    LeaseToken lease = command.lease();
    Head head = Head.running(turn, lease);
    if (head == null) {
      return new Result.LeaseLost();
    }
    return new AppendStep(turn, head).append(lease, command.notes(), command.usage());
  }

  private Result.AppendResult append(LeaseToken lease, List<Note> added, @Nullable Usage usage)
      throws SQLException {
    Totals after = totals(added);
    if (after == null) {
      return new Result.OutputGap(head.chunks());
    }
    Progress progressed = after.progress();
    Progress latest = progressed == null ? NO_PROGRESS : progressed;
    int met =
        turn.bind(Sql.APPEND)
            .number(head.seq())
            .number(lease.fence())
            .secret(lease)
            .number(after.notes())
            .number(after.chunks())
            .flag(progressed != null)
            .real(latest.fraction())
            .text(latest.stage())
            .text(latest.message())
            .usage(usage == null ? Usage.NONE : usage)
            .update();
    if (met == 0) {
      return new Result.LeaseLost();
    }
    for (Note note : added) {
      insert(note);
    }
    turn.hints().changed(head.id(), Phase.RUNNING);
    return new Result.Appended(chunks);
  }

  private record Totals(long notes, long chunks, @Nullable Progress progress) {}

  /** What the counts will be; null if output is missing before the given one. */
  private @Nullable Totals totals(List<Note> added) {
    long notesAfter = notes;
    long chunksAfter = chunks;
    Progress latest = null;
    for (Note note : added) {
      switch (note) {
        case Note.Progressed progressed -> {
          latest = progressed.progress();
          notesAfter++;
        }
        case Note.Logged logged -> notesAfter++;
        case Note.Output output -> {
          if (output.offset() > chunksAfter) {
            return null;
          }
          long end = output.offset() + output.chunks().size();
          if (end > chunksAfter) {
            notesAfter++;
            chunksAfter = end;
          }
        }
      }
    }
    return new Totals(Math.min(notesAfter, EventId.REPORTS_MAX), chunksAfter, latest);
  }

  private void insert(Note note) throws SQLException {
    switch (note) {
      case Note.Progressed(Progress at) -> {
        if (next()) {
          row("progress")
              .text(at.stage())
              .text(at.message())
              .real(at.fraction())
              .none()
              .none()
              .update();
        }
      }
      case Note.Logged(String level, String message) -> {
        if (next()) {
          row("log").text(level).text(message).none().none().none().update();
        }
      }
      case Note.Output output -> insert(output);
    }
  }

  private void insert(Note.Output output) throws SQLException {
    long position = chunks;
    int before = (int) (position - output.offset());
    if (before >= output.chunks().size()) {
      return;
    }
    List<String> added = output.chunks().subList(before, output.chunks().size());
    chunks += added.size();
    if (next()) {
      row("output")
          .text(Chunks.label(added))
          .text(Chunks.text(added))
          .none()
          .number(head.attempt())
          .number(position)
          .update();
    }
  }

  /** Takes the next number; false when the fence has no more, and the note is dropped. */
  private boolean next() {
    if (notes >= EventId.REPORTS_MAX) {
      return false;
    }
    notes++;
    return true;
  }

  private Bind row(String kind) throws SQLException {
    return turn.bind(Sql.INSERT_NOTE)
        .number(head.seq())
        .number(EventId.ofStatus(head.fence()) + notes)
        .time(turn.now())
        .text(kind);
  }
}
