package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.language.Term;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sentences as sparse tf-idf vectors of length one, so that the cosine of two sentences is the sum
 * of the products of the terms they share.
 *
 * <p>A term that is in {@code d} of {@code n} sentences weighs {@code √ln(1 + n/d)} per occurrence
 * instead of the usual {@code ln(n/d)}. The one keeps a term of every sentence of a short text from
 * vanishing. The root is for texts on one subject, where the frequent words are the subject and a
 * rare word that two sentences happen to share says little.
 */
public final class TermVectors {

  private final Map<String, Integer> termIds;
  private final double[] inverseFrequency;
  private final int[] rowStarts;
  private final int[] terms;
  private final double[] weights;

  private TermVectors(Map<String, Integer> termIds, List<int[]> sentences) {
    this.termIds = termIds;
    this.inverseFrequency = inverseFrequencies(sentences, termIds.size());
    this.rowStarts = new int[sentences.size() + 1];
    int size = sentences.stream().mapToInt(TermVectors::countDistinct).sum();
    this.terms = new int[size];
    this.weights = new double[size];
    for (int row = 0; row < sentences.size(); row++) {
      rowStarts[row + 1] = fill(rowStarts[row], sentences.get(row));
      normalize(row);
    }
  }

  /** The vectors of sentences given by their terms. */
  public static TermVectors of(List<List<Term>> sentences) {
    Map<String, Integer> ids = new HashMap<>();
    return new TermVectors(
        ids, sentences.stream().map(sentence -> sortedIds(sentence, ids)).toList());
  }

  /**
   * The ids of the terms of a sentence, ascending: a fixed order of summation makes equal input
   * give equal results, to the last bit.
   */
  private static int[] sortedIds(List<Term> sentence, Map<String, Integer> ids) {
    return sentence.stream()
        .mapToInt(term -> ids.computeIfAbsent(term.stem(), stem -> ids.size()))
        .sorted()
        .toArray();
  }

  private static int countDistinct(int[] sorted) {
    return (int) Arrays.stream(sorted).distinct().count();
  }

  private static double[] inverseFrequencies(List<int[]> sentences, int termCount) {
    double[] frequencies = new double[termCount];
    for (int[] sentence : sentences) {
      Arrays.stream(sentence).distinct().forEach(term -> frequencies[term]++);
    }
    return Arrays.stream(frequencies)
        .map(frequency -> Math.sqrt(StrictMath.log(1 + sentences.size() / frequency)))
        .toArray();
  }

  /** Writes the terms of a sentence from {@code start}; returns where they end. */
  private int fill(int start, int[] sortedIds) {
    int at = start - 1;
    for (int id : sortedIds) {
      if (at < start || terms[at] != id) {
        at++;
        terms[at] = id;
      }
      weights[at] += inverseFrequency[id];
    }
    return at + 1;
  }

  private void normalize(int row) {
    double squares = 0;
    for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
      squares += weights[i] * weights[i];
    }
    double length = Math.sqrt(squares);
    for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
      weights[i] /= length;
    }
  }

  /** The number of sentences. */
  public int size() {
    return rowStarts.length - 1;
  }

  /**
   * For each sentence the sum of its cosines to all others, each times the other's share: one
   * multiplication by the whole similarity matrix without its diagonal, in time linear in the
   * number of terms, because that matrix is the product of the vectors and their transpose.
   */
  double[] weightedSimilarities(double[] shares) {
    double[] total = new double[termIds.size()];
    for (int row = 0; row < size(); row++) {
      for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
        total[terms[i]] += weights[i] * shares[row];
      }
    }
    double[] sums = new double[size()];
    for (int row = 0; row < size(); row++) {
      for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
        // Taking the sentence's own part out term by term leaves an exact zero where no other
        // sentence has the term.
        sums[row] += weights[i] * (total[terms[i]] - weights[i] * shares[row]);
      }
    }
    return sums;
  }

  /** The cosines of sentence {@code row} to all sentences, itself included. */
  double[] similaritiesTo(int row) {
    double[] query = new double[termIds.size()];
    for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
      query[terms[i]] = weights[i];
    }
    return similarities(query);
  }

  /**
   * The cosines of some other text, such as a title, to all sentences; terms that no sentence has
   * do not count.
   */
  double[] similaritiesTo(List<Term> text) {
    double[] query = new double[termIds.size()];
    double squares = 0;
    for (Term term : text) {
      Integer id = termIds.get(term.stem());
      if (id != null) {
        query[id] += inverseFrequency[id];
      }
    }
    for (double weight : query) {
      squares += weight * weight;
    }
    double length = squares == 0 ? 1 : Math.sqrt(squares);
    return similarities(Arrays.stream(query).map(weight -> weight / length).toArray());
  }

  private double[] similarities(double[] query) {
    double[] cosines = new double[size()];
    for (int row = 0; row < size(); row++) {
      for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
        cosines[row] += weights[i] * query[terms[i]];
      }
    }
    return cosines;
  }
}
