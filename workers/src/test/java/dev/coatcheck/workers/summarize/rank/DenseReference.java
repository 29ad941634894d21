package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.language.Term;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Cosines and LexRank by the book, with full matrices and no economy: what the real ones are
 * compared with.
 */
final class DenseReference {

  private DenseReference() {}

  static double[][] cosines(List<List<Term>> sentences) {
    int count = sentences.size();
    double[][] cosines = new double[count][count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        cosines[i][j] = cosine(weights(sentences, i), weights(sentences, j));
      }
    }
    return cosines;
  }

  private static Map<String, Double> weights(List<List<Term>> sentences, int index) {
    Map<String, Double> weights = new HashMap<>();
    for (Term term : sentences.get(index)) {
      long having = sentences.stream().filter(other -> contains(other, term.stem())).count();
      weights.merge(
          term.stem(), Math.sqrt(Math.log(1 + (double) sentences.size() / having)), Double::sum);
    }
    return weights;
  }

  private static boolean contains(List<Term> sentence, String stem) {
    return sentence.stream().anyMatch(term -> term.stem().equals(stem));
  }

  private static double cosine(Map<String, Double> left, Map<String, Double> right) {
    var shared = new HashSet<>(left.keySet());
    shared.retainAll(right.keySet());
    double product =
        shared.stream()
            .mapToDouble(stem -> left.getOrDefault(stem, 0.0) * right.getOrDefault(stem, 0.0))
            .sum();
    double lengths = length(left) * length(right);
    return lengths == 0 ? 0 : product / lengths;
  }

  private static double length(Map<String, Double> weights) {
    return Math.sqrt(weights.values().stream().mapToDouble(weight -> weight * weight).sum());
  }

  static double[] stationary(double[][] cosines, double damping) {
    double[][] transitions = transitions(cosines, damping);
    double[] current = new double[cosines.length];
    Arrays.fill(current, 1.0 / cosines.length);
    for (int step = 0; step < 2_000; step++) {
      current = times(current, transitions);
    }
    return current;
  }

  private static double[][] transitions(double[][] cosines, double damping) {
    int count = cosines.length;
    double[][] transitions = new double[count][count];
    for (int from = 0; from < count; from++) {
      double degree = Arrays.stream(cosines[from]).sum() - cosines[from][from];
      for (int to = 0; to < count; to++) {
        double similar = degree < 1e-12 ? 1.0 / count : from == to ? 0 : cosines[from][to] / degree;
        transitions[from][to] = (1 - damping) / count + damping * similar;
      }
    }
    return transitions;
  }

  private static double[] times(double[] row, double[][] matrix) {
    double[] product = new double[row.length];
    for (int from = 0; from < row.length; from++) {
      for (int to = 0; to < row.length; to++) {
        product[to] += row[from] * matrix[from][to];
      }
    }
    return product;
  }
}
