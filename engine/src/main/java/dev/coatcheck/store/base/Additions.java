package dev.coatcheck.store.base;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What notes of a runner add to the history of its job.
 *
 * @param notes reported under the fence, these included
 * @param chunks accepted in the attempt, these included
 * @param progress the last one told; null if none was
 */
public record Additions(long notes, long chunks, @Nullable Progress progress, List<Row> rows) {

  /** Where a history stands before. */
  public record Before(long fence, int attempt, long notes, long chunks) {}

  /**
   * A row of the history.
   *
   * @param label stage of progress, level of a log line, pieces of output if several
   * @param epoch of output: its attempt
   * @param position of output: pieces before it
   */
  public record Row(
      long id,
      String kind,
      @Nullable String label,
      @Nullable String text,
      @Nullable Double fraction,
      @Nullable Long epoch,
      @Nullable Long position) {

    /** Progress under the next number of a fence that has so many notes. */
    public static Row of(Progress progress, long fence, long notes) {
      return new Row(
          EventId.ofStatus(fence) + notes + 1,
          "progress",
          progress.stage(),
          progress.message(),
          progress.fraction(),
          null,
          null);
    }
  }

  /** Empty if output is missing before the given one. */
  public static Optional<Additions> of(Before before, List<Note> added) {
    Adding adding = new Adding(before);
    for (Note note : added) {
      if (!adding.add(note)) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Additions(adding.notes, adding.chunks, adding.progress, List.copyOf(adding.rows)));
  }

  private static final class Adding {

    private final Before before;
    private final List<Row> rows = new ArrayList<>();
    private long notes;
    private long chunks;
    private @Nullable Progress progress;

    Adding(Before before) {
      this.before = before;
      notes = before.notes();
      chunks = before.chunks();
    }

    boolean add(Note note) {
      return switch (note) {
        case Note.Progressed(Progress at) -> {
          progress = at;
          if (room()) {
            put(Row.of(at, before.fence(), notes));
          }
          yield true;
        }
        case Note.Logged(String level, String message) -> {
          if (room()) {
            put(new Row(next(), "log", level, message, null, null, null));
          }
          yield true;
        }
        case Note.Output output -> output.offset() <= chunks && add(output);
      };
    }

    private boolean add(Note.Output output) {
      long position = chunks;
      int known = (int) (position - output.offset());
      if (known < output.chunks().size()) {
        List<String> fresh = output.chunks().subList(known, output.chunks().size());
        chunks += fresh.size();
        if (room()) {
          String label = Chunks.label(fresh);
          String text = Chunks.text(fresh);
          long epoch = before.attempt();
          put(new Row(next(), "output", label, text, null, epoch, position));
        }
      }
      return true;
    }

    /** Whether the fence has a number left; without one a note is dropped. */
    private boolean room() {
      return notes < EventId.REPORTS_MAX;
    }

    private long next() {
      return EventId.ofStatus(before.fence()) + notes + 1;
    }

    private void put(Row row) {
      rows.add(row);
      notes++;
    }
  }
}
