package dev.coatcheck.workers.summarize.document.pdf;

import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.text.TextPosition;
import org.jspecify.annotations.Nullable;

/** A line while its words come in. */
final class LineDraft {

  private final StringBuilder text = new StringBuilder();
  private float x = Float.MAX_VALUE;
  private float right;
  private float y;
  private float sizes;
  private int bold;
  private int letters;

  void add(String word, List<TextPosition> positions) {
    text.append(word);
    for (TextPosition position : positions) {
      x = Math.min(x, position.getX());
      right = Math.max(right, position.getX() + position.getWidth());
      y = Math.max(y, position.getY());
      sizes += Math.abs(position.getFontSizeInPt());
      bold += isBold(position) ? 1 : 0;
      letters++;
    }
  }

  void addSpace() {
    text.append(' ');
  }

  String text() {
    return text.toString();
  }

  Line finish(int page, String clean) {
    float size = letters == 0 ? 0 : Math.round(10 * sizes / letters) / 10f;
    return new Line(page, x, right, y, size, 2 * bold > letters, clean);
  }

  private static boolean isBold(TextPosition position) {
    @Nullable String font = position.getFont().getName();
    String name = font == null ? "" : font.toLowerCase(Locale.ROOT);
    return name.contains("bold") || name.contains("black") || name.contains("heavy");
  }
}
