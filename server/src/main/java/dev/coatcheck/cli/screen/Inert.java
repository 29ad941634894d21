package dev.coatcheck.cli.screen;

/**
 * Makes text from a job safe to show: what a terminal would obey (escapes, control characters) or
 * what would hide the order of the letters is written out as {@code \\u001b}.
 */
public final class Inert {

  private Inert() {}

  /** One line: line breaks and tabs become spaces. */
  public static String line(String text) {
    return escape(text, false);
  }

  /** Several lines: line feeds and tabs stay. */
  public static String block(String text) {
    return escape(text.replace("\r\n", "\n"), true);
  }

  /** At most {@code width} columns of one line; what is cut off is marked. */
  public static String line(String text, int width) {
    String line = line(text.length() > 4 * width + 16 ? text.substring(0, 4 * width + 16) : text);
    return Widths.cut(line, width);
  }

  private static String escape(String text, boolean lines) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(out, c, lines));
    return out.toString();
  }

  private static void append(StringBuilder out, int c, boolean lines) {
    if (c == '\n' || c == '\t') {
      out.append(lines ? (char) c : ' ');
    } else if (c == '\r' && !lines) {
      out.append(' ');
    } else if (dangerous(c)) {
      out.append(String.format("\\u%04x", c));
    } else {
      out.appendCodePoint(c);
    }
  }

  private static boolean dangerous(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.FORMAT -> c != 0x200d && c != 0x200c && c != 0x00ad;
      default -> false;
    };
  }
}
