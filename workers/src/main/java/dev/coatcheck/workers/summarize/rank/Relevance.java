package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import java.util.Arrays;

/**
 * How good each sentence is for a summary: the square root of its LexRank score times mild factors
 * for its quality and its closeness to the title. The root keeps the order of LexRank and brings
 * its scores closer together, so that the factors decide between sentences of nearly the same
 * centrality.
 */
public final class Relevance {

  private static final double TITLE_WEIGHT = 0.5;

  private Relevance() {}

  /** The score of each sentence, above zero; all scores add up to one. */
  public static double[] scores(Analysis analysis, Checkpoint checkpoint) {
    double[] scores = LexRank.scores(analysis.vectors(), checkpoint.part(0, 0.5));
    double[] titleSimilarities = analysis.vectors().similaritiesTo(analysis.title());
    Quality quality = new Quality(analysis.language());
    Checkpoint judging = checkpoint.part(0.5, 1);
    for (int i = 0; i < scores.length; i++) {
      judging.pass(i, scores.length);
      double title = 1 + TITLE_WEIGHT * titleSimilarities[i];
      scores[i] = Math.sqrt(scores[i]) * quality.of(analysis.sentences().get(i)) * title;
    }
    double sum = Arrays.stream(scores).sum();
    return Arrays.stream(scores).map(score -> score / sum).toArray();
  }
}
