package dev.coatcheck.workers.summarize.document.html;

import java.util.HashMap;
import java.util.Map;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/**
 * How much text there is in each element of a tree, without white space, and how much of it is
 * links. Counted in one walk: a page can be nested so that counting one by one takes minutes.
 */
final class TextLength implements NodeVisitor {

  private record Counts(int all, int linked) {

    static final Counts NONE = new Counts(0, 0);

    Counts plus(Counts other) {
      return new Counts(all + other.all, linked + other.linked);
    }
  }

  private final Map<Element, Counts> counts = new HashMap<>();
  private int links;

  private TextLength() {}

  static TextLength in(Element root) {
    TextLength lengths = new TextLength();
    root.traverse(lengths);
    return lengths;
  }

  int of(Element element) {
    return counts(element).all();
  }

  /** The share of the text that is links; one, if there is no text. */
  double linkDensity(Element element) {
    Counts own = counts(element);
    return own.all() == 0 ? 1 : (double) own.linked() / own.all();
  }

  private Counts counts(Element element) {
    return counts.getOrDefault(element, Counts.NONE);
  }

  @Override
  public void head(Node node, int depth) {
    links += isLink(node) ? 1 : 0;
    if (node instanceof TextNode text) {
      int length = of(text.getWholeText());
      add(node.parentElement(), new Counts(length, links > 0 ? length : 0));
    }
  }

  @Override
  public void tail(Node node, int depth) {
    links -= isLink(node) ? 1 : 0;
    if (node instanceof Element element) {
      add(node.parentElement(), counts(element));
    }
  }

  private void add(@Nullable Element element, Counts more) {
    if (element != null && more.all() > 0) {
      counts.merge(element, more, Counts::plus);
    }
  }

  private static boolean isLink(Node node) {
    return node instanceof Element element && element.nameIs("a");
  }

  /** How many characters of the text are no white space. */
  static int of(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      length += Character.isWhitespace(text.charAt(i)) ? 0 : 1;
    }
    return length;
  }
}
