package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses sentences one by one, each time the one that is best after a deduction for what has been
 * chosen already: {@code λ · relevance − (1 − λ) · greatest redundancy}, with relevance scaled so
 * that the best sentence has one.
 *
 * <p>Jaime Carbonell and Jade Goldstein, "The Use of MMR, Diversity-Based Reranking for Reordering
 * Documents and Producing Summaries", SIGIR 1998, 335–336. Redundancy is their cosine, and added to
 * it a little for standing close by in the text, so that a summary draws on all parts of a text.
 */
public final class MarginalRelevance {

  static final double LAMBDA = 0.7;

  private static final double NEARNESS_WEIGHT = 0.3;

  private final TermVectors vectors;
  private final double[] relevance;
  private final int[] words;
  private final double[] redundancy;
  private final boolean[] taken;

  private MarginalRelevance(TermVectors vectors, double[] relevance, int[] words) {
    this.vectors = vectors;
    this.relevance = scaled(relevance);
    this.words = words;
    this.redundancy = new double[relevance.length];
    this.taken = new boolean[relevance.length];
  }

  /**
   * Chooses within {@code budget}.
   *
   * @param vectors the sentences to choose from
   * @param relevance how good each is, above zero
   * @param words how long each is
   * @return their numbers in order of choice; at least one, the shortest, even if it has too many
   *     words
   */
  public static List<Integer> choose(
      TermVectors vectors, double[] relevance, int[] words, Budget budget, Checkpoint checkpoint) {
    return new MarginalRelevance(vectors, relevance, words).choose(budget, checkpoint);
  }

  private List<Integer> choose(Budget budget, Checkpoint checkpoint) {
    List<Integer> chosen = new ArrayList<>();
    int wordsLeft = budget.words();
    while (chosen.size() < budget.sentences()) {
      checkpoint.pass((double) chosen.size() / budget.sentences());
      int best = best(wordsLeft);
      if (best < 0) {
        break;
      }
      take(best, budget);
      chosen.add(best);
      wordsLeft -= words[best];
    }
    return chosen.isEmpty() ? List.of(shortest()) : chosen;
  }

  /**
   * The best sentence of at most {@code wordsMax} words, the first among equals; −1 if there is
   * none.
   */
  private int best(int wordsMax) {
    int best = -1;
    double bestValue = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < relevance.length; i++) {
      double value = LAMBDA * relevance[i] - (1 - LAMBDA) * redundancy[i];
      if (!taken[i] && words[i] <= wordsMax && value > bestValue) {
        best = i;
        bestValue = value;
      }
    }
    return best;
  }

  private void take(int sentence, Budget budget) {
    taken[sentence] = true;
    double[] similarities = vectors.similaritiesTo(sentence);
    for (int i = 0; i < redundancy.length; i++) {
      double near = NEARNESS_WEIGHT * nearness(Math.abs(i - sentence), budget);
      redundancy[i] = Math.max(redundancy[i], similarities[i] + near);
    }
  }

  /**
   * One for the same sentence, falling to zero at the distance the sentences would have if spread
   * evenly.
   */
  private double nearness(int distance, Budget budget) {
    return Math.max(0, 1 - (double) distance * budget.sentences() / relevance.length);
  }

  private int shortest() {
    int shortest = 0;
    for (int i = 1; i < words.length; i++) {
      if (words[i] < words[shortest]) {
        shortest = i;
      }
    }
    return shortest;
  }

  private static double[] scaled(double[] relevance) {
    double best = Arrays.stream(relevance).max().orElse(1);
    return Arrays.stream(relevance).map(value -> value / best).toArray();
  }
}
