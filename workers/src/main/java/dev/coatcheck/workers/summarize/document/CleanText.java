package dev.coatcheck.workers.summarize.document;

import java.text.Normalizer;

/**
 * Makes text safe to work with, whatever was handed in:
 *
 * <ul>
 *   <li>CRLF, CR, NEL, VT, FF and U+2028 become LF, U+2029 becomes an empty line;
 *   <li>an unpaired surrogate becomes U+FFFD;
 *   <li>control characters, and characters that only steer display (zero-width space, byte order
 *       mark, soft hyphen, bidirectional overrides, tags), are removed. Joiners, which Persian and
 *       emoji need, and the visible Arabic and Syriac signs stay;
 *   <li>of a run of combining marks the first 30 stay, as in the Stream-Safe Text Format of UAX
 *       #15;
 *   <li>the result is in Normalization Form C.
 * </ul>
 */
final class CleanText {

  private static final int COMBINING_RUN_MAX = 30;
  private static final char SOFT_HYPHEN = 0xAD;
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private final StringBuilder clean;
  private int combiningRun;

  private CleanText(int capacity) {
    this.clean = new StringBuilder(capacity);
  }

  static String of(String raw) {
    return isPlain(raw) ? raw : clean(raw);
  }

  /** Most text has nothing to clean; seeing that takes a tenth of the time. */
  private static boolean isPlain(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      if (!isPlain(raw.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Latin letters, digits and punctuation: all stay as they are, next to whatever. */
  private static boolean isPlain(char character) {
    return character == '\n'
        || (character >= ' ' && character <= '~')
        || (character > 0xA0 && character < 0x0250 && character != SOFT_HYPHEN)
        || (character >= 0x2010 && character <= 0x2027);
  }

  private static String clean(String raw) {
    CleanText text = new CleanText(raw.length());
    String unified = raw.replace("\r\n", "\n");
    unified.codePoints().forEach(text::accept);
    // The limit on combining runs comes first: normalising is quadratic in their length.
    return Normalizer.normalize(text.clean, Normalizer.Form.NFC);
  }

  private void accept(int codePoint) {
    combiningRun = isCombining(codePoint) ? combiningRun + 1 : 0;
    switch (codePoint) {
      case '\t' -> clean.append(' ');
      case '\n', '\r', '\f', 0x0B, 0x85, 0x2028 -> clean.append('\n');
      case 0x2029 -> clean.append("\n\n");
      default -> acceptVisible(codePoint);
    }
  }

  private void acceptVisible(int codePoint) {
    if (Character.getType(codePoint) == Character.SURROGATE) {
      clean.append('\uFFFD');
    } else if (!isInvisible(codePoint) && combiningRun <= COMBINING_RUN_MAX) {
      clean.appendCodePoint(codePoint);
    }
  }

  private static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL -> true;
      case Character.FORMAT -> !isNeededFormat(codePoint);
      default -> false;
    };
  }

  private static boolean isNeededFormat(int codePoint) {
    return codePoint == ZERO_WIDTH_NON_JOINER
        || codePoint == ZERO_WIDTH_JOINER
        || (codePoint >= 0x0600 && codePoint <= 0x08FF);
  }

  private static boolean isCombining(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }
}
