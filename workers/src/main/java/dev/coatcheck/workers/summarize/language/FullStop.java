package dev.coatcheck.workers.summarize.language;

import java.util.Locale;
import org.apache.lucene.analysis.CharArraySet;

/** Tells a full stop that ends a sentence from one that is part of a word. */
final class FullStop {

  private static final int LOOK_BACK_MAX = 40;
  private static final int WORDS_MAX = 3;

  private final Language language;
  private final Vocabulary vocabulary;
  private final CharArraySet stopWords;

  FullStop(Language language) {
    this.language = language;
    this.vocabulary = Vocabulary.of(language);
    this.stopWords = language.stopWords();
  }

  /**
   * Whether the full stop at {@code dot} does not end the sentence.
   *
   * @param start where the sentence starts
   * @param next where the text after the full stop goes on, not in lower case
   */
  boolean isInsideSentence(String text, int start, int dot, int next) {
    String before = text.substring(Math.max(start, dot - LOOK_BACK_MAX), dot);
    String word = before.substring(before.lastIndexOf(' ') + 1);
    boolean beforeNumber = Character.isDigit(text.codePointAt(next));
    return isLabel(text, start, dot)
        || isAbbreviation(before, beforeNumber)
        || (isLetter(word) && isLetterWithStop(text, next))
        || (isInitial(word) && !startsCommonly(text, next))
        || (isGermanOrdinal(word) && !startsCommonly(text, next));
  }

  /**
   * The number or letter of an item, such as {@code 1.} or {@code b.}, is all there is before the
   * full stop.
   */
  private static boolean isLabel(String text, int start, int dot) {
    String before = text.substring(start, Math.min(dot, start + 4)).strip();
    return dot - start <= 4
        && (before.length() == 1
            || (!before.isEmpty() && before.chars().allMatch(Character::isDigit)));
  }

  /**
   * Looks up the last word, the last two and the last three, so that {@code z. B.} is found as
   * {@code z.b}.
   */
  private boolean isAbbreviation(String before, boolean beforeNumber) {
    int from = before.length();
    for (int words = 0; words < WORDS_MAX && from > 0; words++) {
      from = before.lastIndexOf(' ', from - 1);
      String joined = bare(before.substring(from + 1));
      if (vocabulary.abbreviations().contains(joined)
          || (beforeNumber && vocabulary.numbered().contains(joined))) {
        return true;
      }
    }
    return false;
  }

  private static String bare(String words) {
    String joined = words.replace(" ", "").toLowerCase(Locale.ROOT);
    int first = 0;
    while (first < joined.length() && !Character.isLetter(joined.charAt(first))) {
      first++;
    }
    return joined.substring(first);
  }

  private static boolean isLetter(String word) {
    return word.length() == 1 && Character.isLetter(word.charAt(0));
  }

  /** The second letter of {@code z. B.}, whatever the first one is. */
  private static boolean isLetterWithStop(String text, int next) {
    return next + 1 < text.length()
        && Character.isLetter(text.charAt(next))
        && text.charAt(next + 1) == '.';
  }

  /** {@code J}, {@code R.R} or {@code U.S}: capitals, each its own word. */
  private static boolean isInitial(String word) {
    String bare = word.startsWith("(") ? word.substring(1) : word;
    for (int i = 0; i < bare.length(); i++) {
      boolean letterExpected = i % 2 == 0;
      if (letterExpected ? !Character.isUpperCase(bare.charAt(i)) : bare.charAt(i) != '.') {
        return false;
      }
    }
    return bare.length() % 2 == 1;
  }

  /**
   * {@code am 3. Oktober}; in German only, and only for days and centuries: a year ends its
   * sentence.
   */
  private boolean isGermanOrdinal(String word) {
    return language == Language.GERMAN
        && word.length() <= 2
        && !word.isEmpty()
        && word.chars().allMatch(Character::isDigit);
  }

  /** A sentence often starts with a stop word, a name or a noun after an abbreviation is none. */
  private boolean startsCommonly(String text, int next) {
    int end = next;
    while (end < text.length()
        && end < next + LOOK_BACK_MAX
        && Character.isLetter(text.charAt(end))) {
      end++;
    }
    return stopWords.contains(text.substring(next, end).toLowerCase(Locale.ROOT));
  }
}
