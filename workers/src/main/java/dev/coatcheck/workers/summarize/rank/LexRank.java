package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import java.util.Arrays;

/**
 * Continuous LexRank: a sentence is central if central sentences are similar to it. The scores are
 * the stationary distribution of a random walk over the sentences that goes to a similar one, in
 * proportion to the cosine, with probability {@value #DAMPING}, and to any sentence else.
 *
 * <p>Günes Erkan and Dragomir R. Radev, "LexRank: Graph-based Lexical Centrality as Salience in
 * Text Summarization", Journal of Artificial Intelligence Research 22 (2004), 457–479. Differences:
 * no walk stays where it is, so that a sentence does not vote for itself, and a walk that stands on
 * a sentence similar to no other goes anywhere.
 *
 * <p>The similarity graph is never built. A step of the walk is a product with the similarity
 * matrix, which {@link TermVectors} forms from the vectors in linear time; no similarity is left
 * out and no neighbour cut off.
 */
public final class LexRank {

  /** The probability of following a similarity; Erkan and Radev's <i>d</i> is one minus this. */
  static final double DAMPING = 0.85;

  private static final double TOLERANCE = 1e-6;
  private static final int STEPS_MAX = 100;

  private final TermVectors vectors;
  private final double[] degrees;

  private LexRank(TermVectors vectors) {
    this.vectors = vectors;
    double[] ones = new double[vectors.size()];
    Arrays.fill(ones, 1);
    this.degrees = vectors.weightedSimilarities(ones);
  }

  /** The score of each sentence; all scores add up to one. */
  public static double[] scores(TermVectors vectors, Checkpoint checkpoint) {
    return new LexRank(vectors).walk(checkpoint);
  }

  private double[] walk(Checkpoint checkpoint) {
    double[] current = new double[degrees.length];
    Arrays.fill(current, 1.0 / degrees.length);
    for (int step = 0; step < STEPS_MAX; step++) {
      checkpoint.pass((double) step / STEPS_MAX);
      double[] next = step(current);
      if (distance(current, next) < TOLERANCE) {
        return next;
      }
      current = next;
    }
    return current;
  }

  private double[] step(double[] current) {
    int count = current.length;
    double[] shares = new double[count];
    double stranded = 0;
    for (int i = 0; i < count; i++) {
      if (degrees[i] > 0) {
        shares[i] = current[i] / degrees[i];
      } else {
        stranded += current[i];
      }
    }
    double[] next = vectors.weightedSimilarities(shares);
    for (int i = 0; i < count; i++) {
      next[i] = (1 - DAMPING) / count + DAMPING * (next[i] + stranded / count);
    }
    return next;
  }

  private static double distance(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += Math.abs(left[i] - right[i]);
    }
    return sum;
  }
}
