package dev.coatcheck.workers.summarize.document;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The block of metadata between two lines of dashes that many Markdown files begin with. Only its
 * title is understood.
 *
 * @param title the value of its {@code title} member, if any
 * @param end offset of the text that follows it
 */
record FrontMatter(@Nullable String title, int end) {

  private static final int LENGTH_MAX = 20_000;
  private static final Pattern MEMBER = Pattern.compile("^[A-Za-z_][\\w-]*:(\\s|$)");
  private static final Pattern TITLE =
      Pattern.compile("(?m)^title:[ \\t]*(\"[^\"\\n]*\"|'[^'\\n]*'|[^\\n]*?)[ \\t]*$");

  static Optional<FrontMatter> of(String text) {
    if (!text.startsWith("---\n")
        || !MEMBER.matcher(text.substring(4, Math.min(200, text.length()))).find()) {
      return Optional.empty();
    }
    int close = text.indexOf("\n---\n", 3);
    if (close < 0 || close > LENGTH_MAX) {
      return Optional.empty();
    }
    return Optional.of(new FrontMatter(titleIn(text.substring(4, close + 1)), close + 5));
  }

  private static @Nullable String titleIn(String members) {
    Matcher matcher = TITLE.matcher(members);
    if (!matcher.find()) {
      return null;
    }
    String title = unquote(matcher.group(1)).strip();
    return title.isEmpty() ? null : title;
  }

  private static String unquote(String value) {
    boolean quoted = value.length() > 1 && (value.startsWith("\"") || value.startsWith("'"));
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
