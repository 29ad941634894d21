package dev.coatcheck.workers.simulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a simulated job says while it waits, in order of time.
 *
 * @param cues what is said and when
 */
record Script(List<Cue> cues) {

  /** One thing said. */
  sealed interface Cue {

    /** When, as a share of the duration, 0 to 1. */
    double at();
  }

  record Step(double at, int number, int of) implements Cue {}

  record Chunk(double at, String text) implements Cue {}

  static Script of(Simulation simulation) {
    List<Cue> cues = new ArrayList<>();
    int steps = simulation.stepCount();
    for (int i = 1; i <= steps; i++) {
      cues.add(new Step((double) i / steps, i, steps));
    }
    Simulation.Stream stream = simulation.stream();
    if (stream != null) {
      List<String> chunks = chunks(stream);
      for (int i = 0; i < chunks.size(); i++) {
        cues.add(new Chunk((i + 1.0) / chunks.size(), chunks.get(i)));
      }
    }
    cues.sort(Comparator.comparingDouble(Cue::at));
    return new Script(List.copyOf(cues));
  }

  private static List<String> chunks(Simulation.Stream stream) {
    String text = stream.text();
    int wanted = stream.chunks() == null ? 10 : stream.chunks();
    List<String> chunks = new ArrayList<>(wanted);
    for (int i = 0; i < wanted; i++) {
      chunks.add(text == null ? "chunk " + i + " " : slice(text, i, wanted));
    }
    return chunks;
  }

  private static String slice(String text, int i, int of) {
    int length = text.codePointCount(0, text.length());
    int from = text.offsetByCodePoints(0, (int) ((long) length * i / of));
    int to = text.offsetByCodePoints(0, (int) ((long) length * (i + 1) / of));
    return text.substring(from, to);
  }
}
