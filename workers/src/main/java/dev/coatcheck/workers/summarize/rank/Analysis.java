package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.language.Language;
import dev.coatcheck.workers.summarize.language.Sentence;
import dev.coatcheck.workers.summarize.language.Term;
import dev.coatcheck.workers.summarize.language.Terms;
import dev.coatcheck.workers.summarize.language.Words;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sentences, and all that ranking needs to know of them.
 *
 * @param language what they were analyzed as
 * @param sentences the sentences to choose from, at least one
 * @param terms the terms of each
 * @param title the terms of the title of their text; empty without a title
 * @param vectors the vector of each sentence
 */
public record Analysis(
    Language language,
    List<Sentence> sentences,
    List<List<Term>> terms,
    List<Term> title,
    TermVectors vectors) {

  /** Finds the terms of {@code sentences} and weighs them. */
  public static Analysis of(
      List<Sentence> sentences, @Nullable String title, Language language, Checkpoint checkpoint) {
    List<List<Term>> terms = new ArrayList<>(sentences.size());
    try (Terms analyzer = new Terms(language)) {
      for (Sentence sentence : sentences) {
        checkpoint.pass(terms.size(), sentences.size());
        terms.add(analyzer.of(sentence.text()));
      }
      List<Term> titleTerms = title == null ? List.of() : analyzer.of(title);
      return new Analysis(language, sentences, terms, titleTerms, TermVectors.of(terms));
    }
  }

  /** The number of words of each sentence. */
  public int[] wordCounts() {
    return sentences.stream().mapToInt(sentence -> Words.count(sentence.text())).toArray();
  }
}
