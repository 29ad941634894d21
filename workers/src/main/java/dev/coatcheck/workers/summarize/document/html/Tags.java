package dev.coatcheck.workers.summarize.document.html;

import java.util.Set;
import org.jsoup.nodes.Element;

/** What the elements of HTML are to a reader. */
final class Tags {

  private static final Set<String> INLINE =
      Set.of(
          "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em",
          "font", "i", "ins", "kbd", "mark", "q", "ruby", "rb", "samp", "small", "span", "strong",
          "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr");

  private static final Set<String> PROSE =
      Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "td", "th", "dt", "dd");

  private Tags() {}

  /** Whether its text goes on in the line of its parent. */
  static boolean isInline(Element element) {
    return INLINE.contains(element.normalName()) && !hasBlocks(element);
  }

  /** A link around a whole paragraph is as much a block as that paragraph. */
  private static boolean hasBlocks(Element element) {
    for (Element child : element.children()) {
      if (!INLINE.contains(child.normalName()) && !child.nameIs("br") && !child.nameIs("img")) {
        return true;
      }
    }
    return false;
  }

  /** Whether it holds text rather than further blocks. */
  static boolean isProse(Element element) {
    return PROSE.contains(element.normalName());
  }

  static boolean isHeading(Element element) {
    String name = element.normalName();
    return name.length() == 2 && name.charAt(0) == 'h' && Character.isDigit(name.charAt(1));
  }
}
