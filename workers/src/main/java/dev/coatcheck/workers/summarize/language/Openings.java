package dev.coatcheck.workers.summarize.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.CharArraySet;

/**
 * Looks at how sentences begin: whether they lean on the one before, and which opening words they
 * can do without.
 */
public final class Openings {

  private static final int PHRASE_WORDS_MAX = 5;
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}-]+");

  private final Vocabulary vocabulary;
  private final CharArraySet stopWords;

  public Openings(Language language) {
    this.vocabulary = Vocabulary.of(language);
    this.stopWords = language.stopWords();
  }

  /**
   * Whether the sentence begins with {@code However}, {@code This}, {@code In that}: something is
   * missing without context.
   */
  public boolean leansBack(String sentence) {
    List<String> phrases = phrases(sentence);
    return phrases.stream().anyMatch(this::connects)
        || (startsCommonly(phrases) && connects(secondWord(phrases)));
  }

  /** Whether the sentence has a word such as {@code this}: what it points at may be missing. */
  public boolean pointsBack(String sentence) {
    return NO_WORD
        .splitAsStream(sentence.toLowerCase(Locale.ROOT))
        .anyMatch(vocabulary.pointing()::contains);
  }

  private boolean connects(String phrase) {
    return vocabulary.dangling().contains(phrase)
        || vocabulary.markers().contains(phrase)
        || vocabulary.conjunctions().contains(phrase);
  }

  private boolean startsCommonly(List<String> phrases) {
    return phrases.size() > 1 && stopWords.contains(phrases.getFirst());
  }

  private static String secondWord(List<String> phrases) {
    return phrases.get(1).substring(phrases.get(0).length()).strip();
  }

  /**
   * The sentence without {@code However,}, {@code In fact,}, {@code But} at its start, and with a
   * capital again.
   */
  public String withoutMarker(String sentence) {
    int start = 0;
    for (int next = markerEnd(sentence, 0); next > start; next = markerEnd(sentence, start)) {
      start = next;
    }
    return start == 0 ? sentence : capitalized(sentence.substring(start));
  }

  /**
   * Past the marker that begins at {@code start}, with its comma and space; {@code start} if there
   * is none.
   */
  private int markerEnd(String sentence, int start) {
    String rest = sentence.substring(start);
    for (String phrase : phrases(rest).reversed()) {
      int end = phrase.length();
      if (isFollowed(rest, end, ", ")
          && (isIn(vocabulary.markers(), phrase) || isIn(vocabulary.conjunctions(), phrase))) {
        return start + end + 2;
      }
      if (isFollowed(rest, end, " ") && isIn(vocabulary.conjunctions(), phrase)) {
        return start + end + 1;
      }
    }
    return start;
  }

  private static boolean isIn(Set<String> phrases, String phrase) {
    return phrases.contains(phrase);
  }

  private static boolean isFollowed(String text, int at, String expected) {
    return text.startsWith(expected, at) && text.length() > at + expected.length();
  }

  private static String capitalized(String text) {
    int first = text.codePointAt(0);
    return Character.toString(Character.toTitleCase(first))
        + text.substring(Character.charCount(first));
  }

  /** The first word in lower case, the first two words, and so on. */
  private static List<String> phrases(String sentence) {
    String head =
        sentence
            .substring(0, Math.min(sentence.length(), 80))
            .toLowerCase(Locale.ROOT)
            .replace('’', '\'');
    List<String> phrases = new ArrayList<>();
    int end = 0;
    while (end < head.length() && phrases.size() < PHRASE_WORDS_MAX) {
      end = wordEnd(head, end);
      phrases.add(head.substring(0, end));
      if (end < head.length() && head.charAt(end) != ' ') {
        break;
      }
      end++;
    }
    return phrases;
  }

  private static int wordEnd(String text, int start) {
    int end = start;
    while (end < text.length() && isWordCharacter(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isWordCharacter(char character) {
    return Character.isLetterOrDigit(character) || character == '\'' || character == '-';
  }
}
