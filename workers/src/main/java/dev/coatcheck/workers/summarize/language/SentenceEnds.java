package dev.coatcheck.workers.summarize.language;

/**
 * Finds where a sentence ends. A candidate is a run of terminators, with the quotes and brackets
 * that close behind it, before white space (ideographic terminators need none). It is refused when
 * what follows goes on in lower case, or when its full stop belongs to an abbreviation, an initial
 * or an ordinal.
 *
 * <p>{@link java.text.BreakIterator} finds the same candidates except after {@code …}, after {@code
 * . »} and before digits, and needs every one of these refusals on top; it also changes with the
 * Java version, and summaries should not.
 */
final class SentenceEnds {

  private static final String TERMINATORS = ".!?…‼⁇⁈⁉؟۔।॥։።。！？｡";
  private static final String IDEOGRAPHIC = "。！？｡";
  private static final String CLOSERS = "\"'”’“‘»«›‹)]}」』）】";
  private static final String SPACED_CLOSERS = "»›)]”";
  private static final String OPENERS = "\"'“‘„‚«»‹›([{¿¡—–-* ";
  private static final String DIGITS = "0123456789";
  private static final String CONTINUERS = ",;:)]}%";

  /**
   * Longer runs of one kind of character are not looked through: they are noise, and time would
   * grow with their square.
   */
  private static final int RUN_MAX = 64;

  private final Language language;
  private final FullStop fullStop;

  SentenceEnds(Language language) {
    this.language = language;
    this.fullStop = new FullStop(language);
  }

  /** The end of the sentence that starts at {@code start}: an offset past its last character. */
  int next(String text, int start) {
    // One character further than the longest sentence is enough: the splitter cuts there.
    int horizon = Math.min(text.length(), start + SentenceSplitter.SENTENCE_LENGTH_MAX + 1);
    for (int i = start; i < horizon; i++) {
      if (isOneOf(TERMINATORS, text.charAt(i))) {
        int stop = skip(text, i, TERMINATORS);
        int end = closed(text, stop);
        if (isEnd(text, start, i, stop, end)) {
          return end;
        }
        i = stop - 1;
      }
    }
    return horizon;
  }

  private boolean isEnd(String text, int start, int dot, int stop, int end) {
    if (end >= text.length()) {
      return true;
    }
    if (isOneOf(IDEOGRAPHIC, text.charAt(stop - 1))) {
      return true;
    }
    return text.charAt(end) == ' '
        && opensSentence(text, end + 1)
        && !(isSingleFullStop(text, dot, stop)
            && fullStop.isInsideSentence(text, start, dot, end + 1));
  }

  private static boolean isSingleFullStop(String text, int dot, int stop) {
    return stop == dot + 1 && text.charAt(dot) == '.';
  }

  /** Past the quotes, brackets and footnote marks that close at {@code stop}. */
  private int closed(String text, int stop) {
    int end = footnote(text, skip(text, stop, CLOSERS));
    boolean spacedCloser =
        end + 1 < text.length()
            && text.charAt(end) == ' '
            && isOneOf(SPACED_CLOSERS, text.charAt(end + 1))
            && !(language == Language.GERMAN && isOneOf("»›", text.charAt(end + 1)));
    return spacedCloser ? skip(text, end + 1, CLOSERS) : end;
  }

  /** Past footnote marks such as {@code [3][12]}. */
  private static int footnote(String text, int at) {
    int end = at;
    while (end < text.length() && text.charAt(end) == '[') {
      int close = skip(text, end + 1, DIGITS);
      if (close == end + 1 || close >= text.length() || text.charAt(close) != ']') {
        return end;
      }
      end = close + 1;
    }
    return end;
  }

  private static boolean opensSentence(String text, int next) {
    if (isOneOf(CONTINUERS, text.charAt(next))) {
      return false;
    }
    int first = skip(text, next, OPENERS);
    return first >= text.length()
        || !Character.isLowerCase(text.charAt(first))
        || isCamel(text, first);
  }

  /** {@code iPhone}, {@code eBay}: a name that starts small wherever it stands. */
  private static boolean isCamel(String text, int first) {
    return first + 1 < text.length() && Character.isUpperCase(text.charAt(first + 1));
  }

  private static int skip(String text, int from, String characters) {
    int i = from;
    while (i < text.length() && i < from + RUN_MAX && isOneOf(characters, text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isOneOf(String characters, char character) {
    return characters.indexOf(character) >= 0;
  }
}
