package dev.coatcheck.workers.summarize.reading;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The charset that a text says it is in. */
final class StatedCharset {

  private static final Pattern PARAMETER =
      Pattern.compile("(?i)charset\\s*=\\s*[\"']?([A-Za-z0-9._:-]{1,40})");

  private static final Pattern META =
      Pattern.compile("(?is)<meta\\b[^>]{0,300}?charset\\s*=\\s*[\"']?([A-Za-z0-9._:-]{1,40})");

  private StatedCharset() {}

  static Optional<Charset> of(StoredInput input, Head head, boolean html) {
    Optional<Charset> marked = byteOrderMark(head);
    if (marked.isPresent()) {
      return marked;
    }
    Optional<Charset> sent = find(PARAMETER, input.contentType());
    return sent.isPresent() || !html ? sent : find(META, head.latin1());
  }

  private static Optional<Charset> byteOrderMark(Head head) {
    if (head.startsWith("\u00ef\u00bb\u00bf")) {
      return Optional.of(StandardCharsets.UTF_8);
    }
    if (head.startsWith("\u00fe\u00ff")) {
      return Optional.of(StandardCharsets.UTF_16BE);
    }
    return head.startsWith("\u00ff\u00fe")
        ? Optional.of(StandardCharsets.UTF_16LE)
        : Optional.empty();
  }

  private static Optional<Charset> find(Pattern pattern, @Nullable String text) {
    Matcher matcher = pattern.matcher(text == null ? "" : text);
    return matcher.find() ? named(matcher.group(1)) : Optional.empty();
  }

  /** What the web calls Latin 1 and ASCII is windows-1252: the Encoding Standard says so. */
  private static Optional<Charset> named(String name) {
    try {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "iso-8859-1", "latin1", "us-ascii", "ascii" ->
            Optional.of(Charset.forName("windows-1252"));
        default -> Optional.of(Charset.forName(name)).filter(Charset::canEncode);
      };
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return Optional.empty();
    }
  }
}
