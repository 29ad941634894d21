package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.language.Term;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One to three words side by side, with all the ways in which they were written. */
final class Phrase {

  static final int WORDS_MAX = 3;

  private static final int LETTERS_MIN = 3;

  private final List<String> stems;
  private final Map<String, Integer> spellings = new LinkedHashMap<>();
  private int occurrences;

  Phrase(List<String> stems) {
    this.stems = stems;
  }

  void add(String text, List<Term> words) {
    int start = words.getFirst().start();
    String spelling = Spelling.of(text.substring(start, words.getLast().end()));
    // A capital that only the start of the sentence asks for is no evidence of how the word is
    // written.
    spellings.merge(start == 0 ? Spelling.uncapitalized(spelling) : spelling, 1, Integer::sum);
    occurrences++;
  }

  List<String> stems() {
    return stems;
  }

  String key() {
    return String.join(" ", stems);
  }

  int occurrences() {
    return occurrences;
  }

  boolean isLong() {
    return stems.size() > 1;
  }

  /** The keys of the shorter phrases inside this one. */
  Stream<String> parts() {
    List<String> parts = new ArrayList<>();
    for (int length = 1; length < stems.size(); length++) {
      for (int first = 0; first + length <= stems.size(); first++) {
        parts.add(String.join(" ", stems.subList(first, first + length)));
      }
    }
    return parts.stream();
  }

  /** The most frequent spelling, the first among equals. */
  String surface() {
    Map.Entry<String, Integer> best = spellings.entrySet().iterator().next();
    for (Map.Entry<String, Integer> spelling : spellings.entrySet()) {
      if (spelling.getValue() > best.getValue()) {
        best = spelling;
      }
    }
    return best.getKey();
  }

  /** Whether it is more than a number or a letter or two. */
  boolean isReadable() {
    String surface = surface();
    return surface.codePoints().filter(Character::isLetter).count() >= LETTERS_MIN
        || surface.codePoints().anyMatch(Character::isIdeographic);
  }
}
