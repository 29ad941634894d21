package dev.coatcheck.workers.summarize.language;

/**
 * Counts words as a reader would: what stands between spaces and has a letter or digit; each
 * ideograph is a word.
 */
public final class Words {

  private Words() {}

  /** The number of words in {@code text}. */
  public static int count(CharSequence text) {
    int words = 0;
    boolean inside = false;
    for (int i = 0; i < text.length(); ) {
      int codePoint = Character.codePointAt(text, i);
      i += Character.charCount(codePoint);
      if (Character.isIdeographic(codePoint)) {
        words++;
        inside = false;
      } else if (Character.isWhitespace(codePoint)) {
        inside = false;
      } else if (!inside && Character.isLetterOrDigit(codePoint)) {
        words++;
        inside = true;
      }
    }
    return words;
  }
}
