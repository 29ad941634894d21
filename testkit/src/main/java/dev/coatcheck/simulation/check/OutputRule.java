package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I16;

import dev.coatcheck.event.JobEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * I16 of streamed output: within an attempt each piece stands once and in its place, whatever was
 * repeated because an answer was lost, and what a runner was told is kept is there.
 */
public final class OutputRule {

  private static final String PIECE = "p";

  private final History history;

  OutputRule(History history) {
    this.history = history;
  }

  /** What a runner elsewhere gives as the piece of this place. */
  public static String text(long place) {
    return PIECE + place;
  }

  /** The whole history of a job that has ended. */
  void ended(JobFile file, List<JobEvent> events) {
    Map<Integer, Long> pieces = new HashMap<>();
    for (JobEvent event : events) {
      if (event instanceof JobEvent.Output output) {
        long from = pieces.getOrDefault(output.epoch(), 0L);
        history.require(
            output.offset() == from,
            I16,
            () ->
                "%s: output of attempt %d goes on at %d after %d"
                    .formatted(file.alias, output.epoch(), output.offset(), from));
        inPlace(file, output);
        pieces.put(output.epoch(), from + output.chunks().size());
      }
    }
    file.streamed.forEach((attempt, told) ->
        history.require(
            pieces.getOrDefault(attempt, 0L) >= told,
            I16,
            () ->
                "%s: %d pieces of attempt %d were taken, and %s are there"
                    .formatted(file.alias, told, attempt, pieces.get(attempt))));
  }

  private void inPlace(JobFile file, JobEvent.Output output) {
    for (int i = 0; i < output.chunks().size(); i++) {
      String piece = output.chunks().get(i);
      long place = output.offset() + i;
      history.require(
          !piece.startsWith(PIECE) || piece.equals(text(place)),
          I16,
          () -> "%s: piece %s stands at %d".formatted(file.alias, piece, place));
    }
  }
}
