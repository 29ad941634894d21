package dev.coatcheck.workers.summarize.document.html;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Finds the element that holds what the page is about. Each element is worth the text in it that is
 * not links, where that text stands in stretches long enough for prose. An {@code article} or
 * {@code main} with a good part of it is taken at its word; else the way goes down from {@code
 * body} as long as one child holds nearly all.
 */
final class MainContent {

  /** A shorter stretch is a label. */
  private static final int STRETCH_MIN = 60;

  private static final double ARTICLE_SHARE_MIN = 0.4;
  private static final double CHILD_SHARE_MIN = 0.8;

  private final Map<Element, Integer> worth = new HashMap<>();

  private MainContent(Element body) {
    body.traverse(new Weighing());
  }

  static Element of(Document page) {
    return new MainContent(page.body()).find(page.body());
  }

  private Element find(Element body) {
    int all = worth(body);
    for (String place : List.of("main article", "article", "[role=main]", "main")) {
      Element best = body;
      int bestWorth = 0;
      for (Element candidate : body.select(place)) {
        if (worth(candidate) > bestWorth) {
          best = candidate;
          bestWorth = worth(candidate);
        }
      }
      if (bestWorth > 0 && bestWorth >= ARTICLE_SHARE_MIN * all && isAlone(body, place, best)) {
        return best;
      }
    }
    return descend(body);
  }

  /** A list of articles is the content itself, not the longest of them. */
  private boolean isAlone(Element body, String place, Element best) {
    int others = 0;
    for (Element candidate : body.select(place)) {
      boolean apart = !candidate.equals(best);
      if (apart && !isWithin(candidate, best) && !isWithin(best, candidate)) {
        others += worth(candidate);
      }
    }
    return others < worth(best);
  }

  private static boolean isWithin(Element inner, Element outer) {
    for (Element at = inner; at != null; at = at.parent()) {
      if (at.equals(outer)) {
        return true;
      }
    }
    return false;
  }

  private Element descend(Element body) {
    Element at = body;
    while (true) {
      Element next = at;
      for (Element child : at.children()) {
        if (worth(child) > CHILD_SHARE_MIN * worth(at) && !Tags.isProse(child)) {
          next = child;
        }
      }
      if (next.equals(at)) {
        return at;
      }
      at = next;
    }
  }

  private int worth(Element element) {
    return worth.getOrDefault(element, 0);
  }

  /** Counts bottom up, so that each element is looked at once. */
  private final class Weighing implements NodeVisitor {

    private final Map<Element, Integer> unlinked = new HashMap<>();
    private int links;

    @Override
    public void head(Node node, int depth) {
      links += isLink(node) ? 1 : 0;
      @Nullable Element parent = node.parentElement();
      if (links == 0 && parent != null && node instanceof TextNode text) {
        unlinked.merge(parent, TextLength.of(text.getWholeText()), Integer::sum);
      }
    }

    private static boolean isLink(Node node) {
      return node instanceof Element element && element.nameIs("a");
    }

    @Override
    public void tail(Node node, int depth) {
      links -= isLink(node) ? 1 : 0;
      @Nullable Element parent = node.parentElement();
      if (parent == null || !(node instanceof Element element)) {
        return;
      }
      int own = unlinked.getOrDefault(element, 0);
      if (Tags.isInline(element)) {
        unlinked.merge(parent, own, Integer::sum);
      } else if (own >= STRETCH_MIN) {
        worth.merge(element, own, Integer::sum);
      }
      worth.merge(parent, worth(element), Integer::sum);
    }
  }
}
