package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.language.Openings;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The points of a text in few words: its best short sentences, in the order of the text, without
 * the words that only tie them to the sentence before.
 */
public final class KeyPoints {

  private static final int POINTS_MIN = 3;
  private static final int POINTS_MAX = 5;
  private static final int SENTENCES_PER_POINT = 8;
  private static final double SHORT = 18;

  private KeyPoints() {}

  /**
   * Three to five points, fewer if there are fewer sentences.
   *
   * @param scores how good each sentence is
   */
  public static List<String> of(Analysis analysis, double[] scores, Checkpoint checkpoint) {
    int[] words = analysis.wordCounts();
    double[] relevance =
        IntStream.range(0, words.length).mapToDouble(i -> scores[i] * brevity(words[i])).toArray();
    int count = Math.clamp(words.length / SENTENCES_PER_POINT, POINTS_MIN, POINTS_MAX);
    Budget budget = new Budget(count, Integer.MAX_VALUE);
    Openings openings = new Openings(analysis.language());
    return MarginalRelevance.choose(analysis.vectors(), relevance, words, budget, checkpoint)
        .stream()
        .sorted()
        .map(i -> openings.withoutMarker(analysis.sentences().get(i).text()))
        .toList();
  }

  private static double brevity(int words) {
    return Math.min(1, SHORT / Math.max(1, words));
  }
}
