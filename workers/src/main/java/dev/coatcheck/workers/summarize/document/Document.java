package dev.coatcheck.workers.summarize.document;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a summary is made from. A new format needs no more than something that yields one of these.
 *
 * @param text the extracted plain text; every offset in a summary refers to it
 * @param title the document's own title, if it has one
 * @param blocks the structure of the text, in order, without overlap
 * @param format what it was read from
 * @param truncated whether a part of the input was left out because it was too long
 * @param pages where its pages begin, if it has pages
 * @param language the ISO 639-1 code that the document itself states, if it does; it may be wrong
 */
public record Document(
    String text,
    @Nullable String title,
    List<Block> blocks,
    Format format,
    boolean truncated,
    @Nullable Pages pages,
    @Nullable String language) {

  /**
   * How many characters (UTF-16 units) of an input are read; the rest is left out and the document
   * marked as truncated.
   */
  public static final int CHARACTERS_MAX = 5_000_000;

  public Document {
    blocks = List.copyOf(blocks);
  }

  /** The text of one of this document's blocks. */
  public String textOf(Block block) {
    return text.substring(block.start(), block.end());
  }

  /** The same document, marked as truncated. */
  public Document cutShort() {
    return new Document(text, title, blocks, format, true, pages, language);
  }

  /** The same document with its pages. */
  public Document paged(Pages newPages) {
    return new Document(text, title, blocks, format, truncated, newPages, language);
  }

  /** The same document with what its {@code lang} says, such as {@code de-AT}. */
  public Document stating(@Nullable String languageTag) {
    String code = languageTag == null ? "" : languageTag.strip();
    boolean known = code.matches("[A-Za-z]{2}([-_].*)?");
    return new Document(
        text,
        title,
        blocks,
        format,
        truncated,
        pages,
        known ? code.substring(0, 2).toLowerCase(Locale.ROOT) : null);
  }
}
