package dev.coatcheck.store.postgres;

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
import java.util.ArrayList;
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
    notes = head.course().notes();
    chunks = head.course().chunks();
  }

  static Result.AppendResult take(Turn turn, Command.Append command) throws SQLException {
    turn.flush(command.lease().job());
    LeaseToken lease = command.lease();
    Head head = Head.running(turn, lease);
    if (head == null) {
      return new Result.LeaseLost();
    }
    return new AppendStep(turn, head).append(command.notes(), command.usage());
  }

  private Result.AppendResult append(List<Note> added, @Nullable Usage usage) throws SQLException {
    Totals after = totals(added);
    if (after == null) {
      return new Result.OutputGap(head.course().chunks());
    }
    Progress progressed = after.progress();
    Progress latest = progressed == null ? NO_PROGRESS : progressed;
    head.beginCourse(turn);
    turn.bind(Sql.APPEND)
        .id(head.id())
        .number(after.notes())
        .number(after.chunks())
        .flag(progressed != null)
        .real(latest.fraction())
        .text(latest.stage())
        .text(latest.message())
        .usage(usage == null ? Usage.NONE : usage)
        .update();
    List<Bind> rows = new ArrayList<>();
    for (Note note : added) {
      insert(note, rows);
    }
    Bind.all(rows);
    turn.news().changed(head.id(), Phase.RUNNING);
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

  private void insert(Note note, List<Bind> rows) {
    switch (note) {
      case Note.Progressed(Progress at) -> {
        if (next()) {
          rows.add(
              row("progress")
                  .text(at.stage())
                  .text(at.message())
                  .real(at.fraction())
                  .number(null)
                  .number(null));
        }
      }
      case Note.Logged(String level, String message) -> {
        if (next()) {
          rows.add(row("log").text(level).text(message).real(null).number(null).number(null));
        }
      }
      case Note.Output output -> insert(output, rows);
    }
  }

  private void insert(Note.Output output, List<Bind> rows) {
    long position = chunks;
    int before = (int) (position - output.offset());
    if (before >= output.chunks().size()) {
      return;
    }
    List<String> added = output.chunks().subList(before, output.chunks().size());
    chunks += added.size();
    if (next()) {
      rows.add(
          row("output")
              .text(Chunks.label(added))
              .text(Chunks.text(added))
              .real(null)
              .number(head.attempt())
              .number(position));
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

  private Bind row(String kind) {
    return turn.bind(Sql.INSERT_NOTE)
        .id(head.id())
        .number(EventId.ofStatus(head.fence()) + notes)
        .time(turn.now())
        .text(kind);
  }
}
