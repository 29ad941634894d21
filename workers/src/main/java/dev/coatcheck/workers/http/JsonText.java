package dev.coatcheck.workers.http;

/** How long a text is as a JSON string, and where it must end to be no longer. */
final class JsonText {

  private static final int QUOTES = 2;

  private JsonText() {}

  /** The beginning of the text that has at most so many bytes as a JSON string, quotes included. */
  static String cut(String text, int bytes) {
    long left = (long) bytes - QUOTES;
    int end = 0;
    while (end < text.length()) {
      int point = text.codePointAt(end);
      left -= length(point);
      if (left < 0) {
        break;
      }
      end += Character.charCount(point);
    }
    return text.substring(0, end);
  }

  /** RFC 8259 section 7: quote, backslash and control characters are escaped. */
  private static int length(int point) {
    if (point < 0x20) {
      return "\b\t\n\f\r".indexOf(point) >= 0 ? 2 : 6;
    }
    if (point < 0x80) {
      return point == '"' || point == '\\' ? 2 : 1;
    }
    if (point < 0x800) {
      return 2;
    }
    return point < 0x1_0000 ? 3 : 4;
  }
}
