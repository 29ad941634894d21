package dev.coatcheck.workers.summarize.document.pdf;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells a hyphen that only divides a word at the end of a line from one that belongs to it, by how
 * the word is written elsewhere in the document.
 */
final class Hyphens {

  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}-]+");

  /** Beyond that the document has no language. */
  private static final int WORDS_MAX = 200_000;

  private final Set<String> words = new HashSet<>();

  Hyphens(List<Line> lines) {
    for (Line line : lines) {
      if (words.size() < WORDS_MAX) {
        NO_WORD.splitAsStream(line.text().toLowerCase(Locale.ROOT)).forEach(words::add);
      }
    }
  }

  /** Whether {@code text} ends within a word that {@code next} goes on with. */
  static boolean divides(CharSequence text, String next) {
    int length = text.length();
    return length > 1
        && "-\u2010".indexOf(text.charAt(length - 1)) >= 0
        && Character.isLetter(text.charAt(length - 2))
        && Character.isLowerCase(next.codePointAt(0));
  }

  /** Whether the hyphen between the two is part of the word. */
  boolean belongs(CharSequence text, String next) {
    String left = lastWord(text).toLowerCase(Locale.ROOT);
    String right = firstWord(next).toLowerCase(Locale.ROOT);
    return words.contains(left + "-" + right) && !words.contains(left + right);
  }

  private static String lastWord(CharSequence text) {
    int end = text.length() - 1;
    int start = end;
    while (start > 0 && isWord(text.charAt(start - 1))) {
      start--;
    }
    return text.subSequence(start, end).toString();
  }

  private static String firstWord(String text) {
    int end = 0;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end);
  }

  private static boolean isWord(char character) {
    return Character.isLetter(character) || character == '-';
  }
}
