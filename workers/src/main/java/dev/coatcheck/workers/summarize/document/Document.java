package dev.coatcheck.workers.summarize.document;

import java.util.List;
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
 */
public record Document(
    String text,
    @Nullable String title,
    List<Block> blocks,
    Format format,
    boolean truncated,
    @Nullable Pages pages) {

  public Document {
    blocks = List.copyOf(blocks);
  }

  /** The text of one of this document's blocks. */
  public String textOf(Block block) {
    return text.substring(block.start(), block.end());
  }
}
