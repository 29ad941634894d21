package dev.coatcheck.cli.screen;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines at spaces. */
public final class Wrap {

  private Wrap() {}

  /** Lines of at most {@code width} columns; only a word longer than that is broken inside. */
  public static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      String rest = word;
      if (!line.isEmpty() && Widths.of(line.toString()) + 1 + Widths.of(rest) > width) {
        flush(line, lines);
      }
      while (Widths.of(rest) > width) {
        int end = fitting(rest, width);
        lines.add(rest.substring(0, end));
        rest = rest.substring(end);
      }
      line.append(line.isEmpty() ? "" : " ").append(rest);
    }
    flush(line, lines);
    return lines;
  }

  private static void flush(StringBuilder line, List<String> lines) {
    if (!line.isEmpty()) {
      lines.add(line.toString());
      line.setLength(0);
    }
  }

  private static int fitting(String word, int width) {
    int end = word.offsetByCodePoints(0, 1);
    while (end < word.length()) {
      int next = word.offsetByCodePoints(end, 1);
      if (Widths.of(word.substring(0, next)) > width) {
        break;
      }
      end = next;
    }
    return end;
  }
}
