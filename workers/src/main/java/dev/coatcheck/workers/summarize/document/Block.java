package dev.coatcheck.workers.summarize.document;

/**
 * A stretch of a document's text that belongs together.
 *
 * @param kind what the stretch is
 * @param start first character, an offset in {@link Document#text()}
 * @param end one past the last character
 */
public record Block(Kind kind, int start, int end) {

  /** What a block is. */
  public enum Kind {
    HEADING,
    PARAGRAPH,
    LIST_ITEM,
    CODE,
    TABLE
  }

  /** Whether sentences are taken from this block. */
  public boolean isProse() {
    return kind == Kind.PARAGRAPH || kind == Kind.LIST_ITEM;
  }
}
