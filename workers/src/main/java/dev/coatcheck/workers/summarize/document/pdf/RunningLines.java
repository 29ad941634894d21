package dev.coatcheck.workers.summarize.document.pdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Finds what a publisher prints at the top and the foot of the pages: lines that stand at the same
 * height on several pages and say the same but for their numbers, and page numbers.
 */
final class RunningLines {

  /** How many of the outermost lines of a page are looked at, at either end. */
  private static final int DEPTH = 3;

  private static final int PAGES_MIN = 3;

  /** On so many pages the outermost line, if the file has no more pages. */
  private static final int PAGES_OF_A_PAIR = 2;

  /** Lines at the same height may differ by so much, in points. */
  private static final float HEIGHT_STEP = 4;

  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Pattern PAGE_NUMBER =
      Pattern.compile(
          "[-–—·| ]*(?:(?:page|seite|página|pagina|p\\.|s\\.)\\s*)?(?:\\d{1,4}|[ivxlc]{1,7})"
              + "(?:\\s*(?:/|of|von|de|sur|di|van)\\s*\\d{1,4})?[-–—·|. ]*",
          Pattern.CASE_INSENSITIVE);

  private record Place(String text, int height) {}

  private final Map<Integer, List<Line>> edges = new TreeMap<>();
  private final Map<Place, Integer> pagesWith = new HashMap<>();

  private RunningLines(List<Line> lines) {
    Map<Integer, List<Line>> pages = new TreeMap<>();
    lines.forEach(line -> pages.computeIfAbsent(line.page(), p -> new ArrayList<>()).add(line));
    pages.forEach((page, ofPage) -> edges.put(page, edges(ofPage)));
    edges.values().forEach(this::count);
  }

  /** The lines without those; all of them, if there are no others. */
  static List<Line> without(List<Line> lines) {
    RunningLines running = new RunningLines(lines);
    Set<Line> dropped = new HashSet<>();
    running.edges.values().forEach(edge -> dropped.addAll(running.dropped(edge)));
    List<Line> kept = lines.stream().filter(line -> !dropped.contains(line)).toList();
    return kept.isEmpty() ? lines : kept;
  }

  private static List<Line> edges(List<Line> page) {
    List<Line> byHeight = new ArrayList<>(page);
    byHeight.sort(Comparator.comparingDouble(Line::y));
    if (byHeight.size() <= 2 * DEPTH) {
      return byHeight;
    }
    List<Line> edges = new ArrayList<>(byHeight.subList(0, DEPTH));
    edges.addAll(byHeight.subList(byHeight.size() - DEPTH, byHeight.size()));
    return edges;
  }

  private void count(List<Line> edge) {
    Set<Place> places = new HashSet<>();
    edge.forEach(line -> places.add(place(line)));
    places.forEach(place -> pagesWith.merge(place, 1, Integer::sum));
  }

  private List<Line> dropped(List<Line> edge) {
    List<Line> dropped = new ArrayList<>();
    for (int i = 0; i < edge.size(); i++) {
      Line line = edge.get(i);
      boolean outermost = i == 0 || i == edge.size() - 1;
      boolean pair = outermost && edges.size() == PAGES_OF_A_PAIR;
      if (repeats(line, pair ? PAGES_OF_A_PAIR : PAGES_MIN) || (outermost && isPageNumber(line))) {
        dropped.add(line);
      }
    }
    return dropped;
  }

  private boolean repeats(Line line, int pagesMin) {
    Place place = place(line);
    int pages = 0;
    for (int step = -1; step <= 1; step++) {
      pages += pagesWith.getOrDefault(new Place(place.text(), place.height() + step), 0);
    }
    return pages >= pagesMin;
  }

  private static boolean isPageNumber(Line line) {
    return PAGE_NUMBER.matcher(line.text()).matches();
  }

  private static Place place(Line line) {
    String text = NUMBER.matcher(line.text()).replaceAll("#");
    return new Place(text, Math.round(line.y() / HEIGHT_STEP));
  }
}
