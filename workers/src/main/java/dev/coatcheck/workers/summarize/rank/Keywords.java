package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.language.Term;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds what a text is about: single words, and phrases of two or three that stand side by side at
 * least twice.
 *
 * <p>A word weighs {@code d · ln(1 + n/d)}, where {@code d} of {@code n} sentences have it. A
 * phrase weighs the part of its words' weights that falls on it: each times the share of the word's
 * occurrences that are inside the phrase. A phrase with at least half of the occurrences of a word
 * takes that word's place. In the line of RAKE (Rose, Engel, Cramer and Cowley 2010) and C-value
 * (Frantzi, Ananiadou and Mima 2000), without being either.
 */
public final class Keywords {

  private static final int KEYWORDS_MAX = 10;
  private static final int WORDS_CONSIDERED = 100;
  private static final double COVERING_SHARE = 0.5;
  private static final int FREQUENT = 2;

  private final int sentenceCount;
  private final Map<String, Double> weights;
  private final Map<String, Phrase> phrases = new LinkedHashMap<>();

  private Keywords(List<List<Term>> terms) {
    this.sentenceCount = terms.size();
    this.weights = heaviest(sentenceFrequencies(terms));
  }

  /** Up to ten keywords, the most important first. */
  public static List<Keyword> of(Analysis analysis, Checkpoint checkpoint) {
    Keywords keywords = new Keywords(analysis.terms());
    for (int i = 0; i < analysis.sentences().size(); i++) {
      checkpoint.pass(i, analysis.sentences().size());
      keywords.read(analysis.sentences().get(i).text(), analysis.terms().get(i));
    }
    return keywords.best();
  }

  private static Map<String, Integer> sentenceFrequencies(List<List<Term>> terms) {
    Map<String, Integer> frequencies = new LinkedHashMap<>();
    for (List<Term> sentence : terms) {
      Set<String> stems = new HashSet<>();
      for (Term term : sentence) {
        if (stems.add(term.stem())) {
          frequencies.merge(term.stem(), 1, Integer::sum);
        }
      }
    }
    return frequencies;
  }

  private Map<String, Double> heaviest(Map<String, Integer> frequencies) {
    return frequencies.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(WORDS_CONSIDERED)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> wordWeight(entry.getValue()),
                (first, same) -> first,
                LinkedHashMap::new));
  }

  private double wordWeight(double frequency) {
    return frequency * StrictMath.log(1 + sentenceCount / frequency);
  }

  private void read(String text, List<Term> terms) {
    for (int first = 0; first < terms.size(); first++) {
      int end = Math.min(terms.size(), first + Phrase.WORDS_MAX);
      for (int last = first; last < end && continues(text, terms, first, last); last++) {
        List<Term> words = terms.subList(first, last + 1);
        List<String> stems = words.stream().map(Term::stem).toList();
        phrases.computeIfAbsent(String.join(" ", stems), key -> new Phrase(stems)).add(text, words);
      }
    }
  }

  private boolean continues(String text, List<Term> terms, int first, int last) {
    return weights.containsKey(terms.get(last).stem())
        && (last == first || areNeighbours(text, terms.get(last - 1), terms.get(last)));
  }

  private static boolean areNeighbours(String text, Term left, Term right) {
    String between = text.substring(left.end(), Math.max(left.end(), right.start()));
    return between.isEmpty() || between.equals(" ") || between.equals("-");
  }

  private List<Keyword> best() {
    List<Keyword> keywords = new ArrayList<>();
    Set<String> used = new HashSet<>();
    double total = weights.values().stream().mapToDouble(weight -> weight).sum();
    for (Phrase phrase : eligible()) {
      if (keywords.size() < KEYWORDS_MAX && !used.containsAll(phrase.stems())) {
        used.addAll(phrase.stems());
        keywords.add(new Keyword(phrase.surface(), weight(phrase) / total));
      }
    }
    return keywords;
  }

  private List<Phrase> eligible() {
    Set<String> covered = new HashSet<>();
    for (Phrase phrase : phrases.values()) {
      if (phrase.isLong() && phrase.occurrences() >= FREQUENT) {
        phrase.parts().filter(part -> covers(phrase, part)).forEach(covered::add);
      }
    }
    return phrases.values().stream()
        .filter(phrase -> phrase.isReadable() && !covered.contains(phrase.key()))
        .filter(phrase -> !phrase.isLong() || phrase.occurrences() >= FREQUENT)
        .sorted(Comparator.<Phrase>comparingDouble(this::weight).reversed())
        .toList();
  }

  private boolean covers(Phrase phrase, String part) {
    return phrase.occurrences() >= COVERING_SHARE * occurrences(part);
  }

  private double weight(Phrase phrase) {
    return phrase.stems().stream()
        .mapToDouble(
            stem -> weights.getOrDefault(stem, 0.0) * phrase.occurrences() / occurrences(stem))
        .sum();
  }

  private int occurrences(String key) {
    Phrase phrase = phrases.get(key);
    return phrase == null ? 0 : phrase.occurrences();
  }
}
