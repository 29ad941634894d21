package dev.coatcheck.workers.summarize.document.html;

import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;

/** How much text there is in an element, without white space. */
final class TextLength {

  private TextLength() {}

  static int of(Element element) {
    int[] length = {0};
    NodeTraversor.traverse((node, depth) -> length[0] += own(node), element);
    return length[0];
  }

  static int inLinks(Element element) {
    int length = 0;
    for (Element link : element.select("a[href]")) {
      length += of(link);
    }
    return length;
  }

  /** The share of the text that is links; one, if there is no text. */
  static double linkDensity(Element element) {
    int length = of(element);
    return length == 0 ? 1 : (double) inLinks(element) / length;
  }

  private static int own(Node node) {
    return node instanceof TextNode text ? of(text.getWholeText()) : 0;
  }

  static int of(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      length += Character.isWhitespace(text.charAt(i)) ? 0 : 1;
    }
    return length;
  }
}
