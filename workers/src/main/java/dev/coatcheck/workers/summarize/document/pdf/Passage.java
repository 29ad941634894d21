package dev.coatcheck.workers.summarize.document.pdf;

import dev.coatcheck.workers.summarize.document.Block;
import java.util.Map;
import java.util.TreeMap;

/** Lines that belong together, on their way to a block. */
final class Passage {

  private final Block.Kind kind;
  private final StringBuilder text = new StringBuilder();
  private final Map<Integer, Integer> pageStarts = new TreeMap<>();
  private Line last;

  /** Begins with {@code first}, which says {@code content} once its bullet is gone. */
  Passage(Block.Kind kind, Line first, String content) {
    this.kind = kind;
    this.last = first;
    pageStarts.put(first.page(), 0);
    text.append(content);
  }

  void add(Line line, Hyphens hyphens) {
    if (!Hyphens.divides(text, line.text())) {
      text.append(' ');
    } else if (!hyphens.belongs(text, line.text())) {
      text.setLength(text.length() - 1);
    }
    pageStarts.putIfAbsent(line.page(), text.length());
    text.append(line.text());
    last = line;
  }

  Block.Kind kind() {
    return kind;
  }

  Line last() {
    return last;
  }

  CharSequence text() {
    return text;
  }

  /** For each page that it touches, the offset of the first character there. */
  Map<Integer, Integer> pageStarts() {
    return pageStarts;
  }
}
