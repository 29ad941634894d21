package dev.coatcheck.workers.summarize.document;

import org.jspecify.annotations.Nullable;

/** Reads plain text or Markdown into a {@link Document}. */
public final class TextReader {

  private TextReader() {}

  /**
   * Reads {@code raw}.
   *
   * @param raw any string at all; of more than {@value Document#CHARACTERS_MAX} characters the
   *     first so many are read
   * @param format {@link Format#TEXT} or {@link Format#MARKDOWN}; null to find out
   */
  public static Document read(String raw, @Nullable Format format, Checkpoint checkpoint) {
    String clean = CleanText.of(limit(raw));
    checkpoint.pass(0.2);
    Format known = format == null ? FormatGuess.of(clean) : format;
    Document document =
        switch (known) {
          case TEXT -> new PlainTextExtractor().extract(clean);
          case MARKDOWN -> new MarkdownExtractor().extract(clean);
          case HTML, PDF -> throw new IllegalArgumentException(known + " is not read here");
        };
    return raw.length() > Document.CHARACTERS_MAX ? document.cutShort() : document;
  }

  private static String limit(String raw) {
    return raw.length() > Document.CHARACTERS_MAX ? raw.substring(0, Document.CHARACTERS_MAX) : raw;
  }
}
