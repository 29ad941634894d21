package dev.coatcheck.workers.summarize.language;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.CharArraySet;

/**
 * Guesses the language of a text by its stop words: nearly half of the words of running text are
 * stop words of its own language. Close relatives share many, so a guess needs a lead over the
 * second.
 */
final class LanguageGuess {

  private static final int SAMPLE_LENGTH = 20_000;
  private static final double SHARE_MIN = 0.15;
  private static final double LEAD_MIN = 0.08;
  private static final int LEAD_WORDS_MIN = 3;
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}]+");

  private record Guess(Language language, long hits) {}

  private LanguageGuess() {}

  static Optional<Language> of(String text) {
    List<String> words = words(text);
    List<Guess> guesses =
        Arrays.stream(Language.values())
            .map(language -> new Guess(language, hits(language, words)))
            .sorted(Comparator.comparingLong(Guess::hits).reversed())
            .toList();
    long best = guesses.get(0).hits();
    double lead = Math.max(LEAD_WORDS_MIN, LEAD_MIN * words.size());
    boolean clear = best >= SHARE_MIN * words.size() && best - guesses.get(1).hits() >= lead;
    return clear ? Optional.of(guesses.get(0).language()) : Optional.empty();
  }

  private static List<String> words(String text) {
    String sample = text.substring(0, Math.min(SAMPLE_LENGTH, text.length()));
    return NO_WORD
        .splitAsStream(sample.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static long hits(Language language, List<String> words) {
    CharArraySet stopWords = language.stopWords();
    return words.stream().filter(stopWords::contains).count();
  }
}
