package dev.coatcheck.workers.summarize.document.pdf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the text of a file is set, as its lines show: the letters of its body, the line spacing. */
final class Layout {

  /** Lines whose starts are within so many points belong to one column. */
  private static final int COLUMN_STEP = 40;

  private static final float USUAL_SPACING = 1.2f;

  private record Column(int page, int position) {}

  private final float bodySize;
  private final float spacing;
  private final Map<Column, Float> rightEdges = new HashMap<>();

  Layout(List<Line> lines) {
    this.bodySize = bodySize(lines);
    this.spacing = spacing(lines);
    lines.forEach(line -> rightEdges.merge(column(line), line.right(), Math::max));
  }

  /** The size that most letters have. */
  private static float bodySize(List<Line> lines) {
    Map<Float, Integer> letters = new HashMap<>();
    lines.forEach(line -> letters.merge(line.size(), line.text().length(), Integer::sum));
    float best = 0;
    int most = 0;
    for (Map.Entry<Float, Integer> size : letters.entrySet()) {
      boolean more = size.getValue() > most;
      if (more || (size.getValue() == most && size.getKey() < best)) {
        best = size.getKey();
        most = size.getValue();
      }
    }
    return best;
  }

  /** The median distance of lines that follow one another, in letter sizes. */
  private static float spacing(List<Line> lines) {
    List<Float> distances = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      Line line = lines.get(i);
      float distance = distance(lines.get(i - 1), line);
      if (line.size() > 0 && distance > 0 && distance < 3 * line.size()) {
        distances.add(distance / line.size());
      }
    }
    Collections.sort(distances);
    return distances.isEmpty() ? USUAL_SPACING : distances.get(distances.size() / 2);
  }

  private static float distance(Line above, Line below) {
    return above.page() == below.page() ? below.y() - above.y() : 0;
  }

  boolean isLarge(Line line) {
    return line.size() > 1.12f * bodySize;
  }

  boolean isSmall(Line line) {
    return line.size() < 0.88f * bodySize;
  }

  /** Whether the line stands right below the other one, with no more than the usual distance. */
  boolean isNext(Line above, Line below) {
    float distance = distance(above, below);
    return distance > 0 && distance < 1.3f * spacing * Math.max(above.size(), below.size());
  }

  /** Whether the line is farther up, in another column or on another page. */
  boolean isElsewhere(Line before, Line after) {
    return before.page() != after.page() || after.y() < before.y() - before.size();
  }

  /** Whether the line starts further right than the one above it: the first of a paragraph. */
  boolean isIndented(Line above, Line below) {
    return below.x() - above.x() > 0.7f * below.size();
  }

  /** Whether the line ends well before the right edge of its column. */
  boolean isShort(Line line) {
    Column own = column(line);
    float edge = line.right();
    for (int step = -1; step <= 1; step++) {
      Column near = new Column(own.page(), own.position() + step);
      edge = Math.max(edge, rightEdges.getOrDefault(near, 0f));
    }
    return edge - line.right() > 0.12f * (edge - line.x());
  }

  private static Column column(Line line) {
    return new Column(line.page(), Math.round(line.x() / COLUMN_STEP));
  }
}
