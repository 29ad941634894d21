package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.language.Language;
import dev.coatcheck.workers.summarize.language.Openings;
import dev.coatcheck.workers.summarize.language.Sentence;
import dev.coatcheck.workers.summarize.language.Vocabulary;
import dev.coatcheck.workers.summarize.language.Words;
import java.util.Locale;
import java.util.Set;

/**
 * How well a sentence would stand in a summary, apart from what it says: mild factors by which its
 * centrality is multiplied. That place and title tell something is from H. P. Edmundson, "New
 * Methods in Automatic Extracting", Journal of the ACM 16 (1969), 264–285; the figures are ours,
 * chosen by reading summaries.
 */
public final class Quality {

  /** Prose has 95 % letters; with fewer than this it is code, a formula or a list of figures. */
  private static final double LETTERS_OF_PROSE = 0.88;

  private static final int COMFORTABLE_WORDS_MIN = 14;
  private static final int COMFORTABLE_WORDS_MAX = 32;

  private final Openings openings;
  private final Set<String> boilerplate;

  public Quality(Language language) {
    this.openings = new Openings(language);
    this.boilerplate = Vocabulary.of(language).boilerplate();
  }

  /**
   * The factor for {@code sentence}: one for an ordinary one, more for a good place, less for a
   * flaw.
   */
  public double of(Sentence sentence) {
    return length(Words.count(sentence.text()))
        * shape(sentence.text())
        * context(sentence.text())
        * substance(sentence.text())
        * place(sentence);
  }

  /** What invites to click, or is on every page of a site, says nothing about this one. */
  private double substance(String text) {
    String lowerCase = text.toLowerCase(Locale.ROOT);
    return boilerplate.stream().anyMatch(lowerCase::contains) ? 0.2 : 1;
  }

  private static double length(int words) {
    if (words < COMFORTABLE_WORDS_MIN) {
      return 0.5 + 0.5 * words / COMFORTABLE_WORDS_MIN;
    }
    if (words > COMFORTABLE_WORDS_MAX) {
      return Math.max(0.3, (double) COMFORTABLE_WORDS_MAX / words);
    }
    return 1;
  }

  private static double shape(String text) {
    char last = text.charAt(text.length() - 1);
    double ending =
        switch (last) {
          case '?', '？', '؟' -> 0.5;
          case ':' -> 0.4;
          case '.', '!', '…', '。', '！', '"', '”', '’', '»', '“', ')', ']' -> 1;
          default -> 0.6;
        };
    boolean prose = Characters.share(text, Character::isLetter) >= LETTERS_OF_PROSE;
    return ending * (isBalanced(text) ? 1 : 0.6) * (prose ? 1 : 0.6);
  }

  private static boolean isBalanced(String text) {
    return count(text, '(') == count(text, ')')
        && count(text, '[') == count(text, ']')
        && count(text, '"') % 2 == 0
        && count(text, '«') == count(text, '»')
        && (count(text, '“') == count(text, '”') || count(text, '„') == count(text, '“'));
  }

  private static long count(String text, char wanted) {
    return text.chars().filter(character -> character == wanted).count();
  }

  /** What leans on the sentence before is better left out with it. */
  private double context(String text) {
    if (openings.leansBack(text)) {
      return 0.6;
    }
    return openings.pointsBack(text) ? 0.75 : 1;
  }

  private static double place(Sentence sentence) {
    double paragraph = sentence.opensBlock() ? 1.3 : 1;
    return sentence.index() == 0 ? 1.3 * paragraph : paragraph;
  }
}
