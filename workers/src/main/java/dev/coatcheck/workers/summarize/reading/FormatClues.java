package dev.coatcheck.workers.summarize.reading;

import dev.coatcheck.workers.summarize.document.Format;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What tells HTML and Markdown from plain text, apart from the words of the text. */
final class FormatClues {

  private static final int OPENING_LENGTH = 1_024;
  private static final Pattern HTML_OPENING =
      Pattern.compile(
          "(?is)^\\s*(?:<\\?xml[^>]*>\\s*|<!--.*?-->\\s*)*<(?:!doctype\\s+html|html|head|body)\\b.*");

  private FormatClues() {}

  /** What content type and name say; null if they say nothing, or no more than that it is text. */
  static @Nullable Format declared(StoredInput input) {
    String type = lower(input.contentType()).split(";", 2)[0].strip();
    String name = lower(input.name()).split("[?#]", 2)[0];
    if (List.of("text/html", "application/xhtml+xml").contains(type)) {
      return Format.HTML;
    }
    if (type.equals("text/markdown")) {
      return Format.MARKDOWN;
    }
    if (ends(name, ".html", ".htm", ".xhtml")) {
      return Format.HTML;
    }
    return ends(name, ".md", ".markdown") ? Format.MARKDOWN : null;
  }

  private static boolean ends(String name, String... endings) {
    for (String ending : endings) {
      if (name.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the text opens as an HTML page does. */
  static boolean looksLikeHtml(String text) {
    String opening = text.substring(0, Math.min(OPENING_LENGTH, text.length()));
    String unmarked = opening.startsWith("\ufeff") ? opening.substring(1) : opening;
    String bare = unmarked.startsWith("\u00ef\u00bb\u00bf") ? unmarked.substring(3) : unmarked;
    return HTML_OPENING.matcher(bare).matches();
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }
}
