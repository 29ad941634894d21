package dev.coatcheck.workers.summarize.document;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Document} block by block. Blocks are separated by an empty line, items of a list
 * by a line end; inside prose every run of white space is one space, so that lines wrapped by hand
 * become one line.
 */
public final class DocumentWriter {

  private final StringBuilder text = new StringBuilder();
  private final List<Block> blocks = new ArrayList<>();

  /** Adds a block of prose or a heading; nothing, if there is nothing but white space. */
  public void add(Block.Kind kind, CharSequence raw) {
    append(kind, collapse(CleanText.of(raw.toString())));
  }

  /** Adds a block whose lines matter, such as code. */
  public void addVerbatim(Block.Kind kind, CharSequence raw) {
    append(kind, CleanText.of(raw.toString()).strip());
  }

  /**
   * Adds a block whose text is clean already, so that its parts can be told by their offsets.
   *
   * @param content what {@link #clean} has given, or several such texts with a space between them;
   *     not empty
   * @return the offset of its first character
   */
  public int addClean(Block.Kind kind, CharSequence content) {
    separate(kind);
    int start = text.length();
    text.append(content);
    blocks.add(new Block(kind, start, text.length()));
    return start;
  }

  /** A line of prose as this writer would write it. */
  public static String clean(String raw) {
    return collapse(CleanText.of(raw));
  }

  /** How many characters were written. */
  public int length() {
    return text.length();
  }

  private void append(Block.Kind kind, String content) {
    if (!content.isEmpty()) {
      addClean(kind, content);
    }
  }

  public Document finish(@Nullable String title, Format format) {
    return new Document(text.toString(), title, blocks, format, false, null, null);
  }

  /** The text of the first block, if that is a heading. */
  public @Nullable String openingHeading() {
    if (blocks.isEmpty() || blocks.getFirst().kind() != Block.Kind.HEADING) {
      return null;
    }
    return text.substring(blocks.getFirst().start(), blocks.getFirst().end());
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }

  private void separate(Block.Kind kind) {
    if (blocks.isEmpty()) {
      return;
    }
    boolean isLine = kind == Block.Kind.LIST_ITEM || kind == Block.Kind.TABLE;
    text.append(isLine && blocks.getLast().kind() == kind ? "\n" : "\n\n");
  }

  private static String collapse(CharSequence raw) {
    StringBuilder line = new StringBuilder(raw.length());
    boolean pending = false;
    for (int i = 0; i < raw.length(); i++) {
      char character = raw.charAt(i);
      if (isSpace(character)) {
        pending = !line.isEmpty();
        continue;
      }
      if (pending) {
        line.append(' ');
        pending = false;
      }
      line.append(character);
    }
    return line.toString();
  }

  private static boolean isSpace(char character) {
    return Character.isWhitespace(character) || Character.isSpaceChar(character);
  }
}
