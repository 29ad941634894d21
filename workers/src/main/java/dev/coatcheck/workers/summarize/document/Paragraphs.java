package dev.coatcheck.workers.summarize.document;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Groups the lines of a text into paragraphs. */
final class Paragraphs {

  private final Iterator<String> lines;

  Paragraphs(String text) {
    this.lines = text.lines().iterator();
  }

  /** The lines of the next paragraph; empty at the end of the text. */
  List<String> next() {
    List<String> paragraph = new ArrayList<>();
    while (lines.hasNext()) {
      String line = lines.next();
      if (hasContent(line)) {
        paragraph.add(line);
      } else if (!paragraph.isEmpty()) {
        break;
      }
    }
    return paragraph;
  }

  /** A line without a letter, digit or sign is empty or a ruler such as {@code -----}. */
  private static boolean hasContent(String line) {
    return line.codePoints().anyMatch(Paragraphs::isContent);
  }

  private static boolean isContent(int codePoint) {
    return Character.isLetterOrDigit(codePoint)
        || Character.getType(codePoint) == Character.OTHER_SYMBOL;
  }
}
