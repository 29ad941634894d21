package dev.coatcheck.workers.summarize.document;

import org.jspecify.annotations.Nullable;

/** Reads plain text or Markdown into a {@link Document}. */
public final class DocumentReader {

  /**
   * How many characters (UTF-16 units) are read; the rest is left out and the document marked as
   * truncated.
   */
  public static final int CHARACTERS_MAX = 5_000_000;

  private DocumentReader() {}

  /**
   * Reads {@code raw}.
   *
   * @param raw any string at all
   * @param format how to read it; null to find out
   */
  public static Document read(String raw, @Nullable Format format, Checkpoint checkpoint) {
    String clean = CleanText.of(limit(raw));
    checkpoint.pass(0.2);
    Format known = format == null ? FormatGuess.of(clean) : format;
    Document document =
        switch (known) {
          case TEXT -> new PlainTextExtractor().extract(clean);
          case MARKDOWN -> new MarkdownExtractor().extract(clean);
        };
    return raw.length() > CHARACTERS_MAX ? truncated(document) : document;
  }

  private static String limit(String raw) {
    return raw.length() > CHARACTERS_MAX ? raw.substring(0, CHARACTERS_MAX) : raw;
  }

  private static Document truncated(Document whole) {
    return new Document(
        whole.text(), whole.title(), whole.blocks(), whole.format(), true, whole.pages());
  }
}
