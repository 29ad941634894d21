package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.language.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Sentences given by nothing but their terms. */
final class SparseTerms {

  private SparseTerms() {}

  /** One sentence per argument, its terms separated by spaces. */
  static List<List<Term>> of(String... sentences) {
    return Arrays.stream(sentences).map(SparseTerms::terms).toList();
  }

  static List<List<Term>> random(RandomGenerator random, int sentences, int vocabulary) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < sentences; i++) {
      StringBuilder text = new StringBuilder();
      for (int word = random.nextInt(9); word >= 0; word--) {
        text.append("t").append(random.nextInt(1 + random.nextInt(vocabulary))).append(' ');
      }
      texts.add(text.toString());
    }
    return of(texts.toArray(String[]::new));
  }

  static List<Term> terms(String text) {
    return Arrays.stream(text.strip().split(" +"))
        .filter(word -> !word.isEmpty())
        .map(word -> new Term(word, 0, 0))
        .toList();
  }
}
