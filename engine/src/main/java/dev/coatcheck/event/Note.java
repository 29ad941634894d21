package dev.coatcheck.event;

import dev.coatcheck.job.Progress;
import java.util.List;

/** What a runner reports while it works; the store gives it an id and a time. */
public sealed interface Note {

  record Progressed(Progress progress) implements Note {}

  /**
   * A line for people.
   *
   * @param level {@code debug}, {@code info}, {@code warn} or {@code error}
   */
  record Logged(String level, String message) implements Note {}

  /**
   * Chunks of streamed output.
   *
   * @param offset chunks of this attempt before the first one here; what was already accepted is
   *     ignored, a gap is refused
   */
  record Output(long offset, List<String> chunks) implements Note {}
}
