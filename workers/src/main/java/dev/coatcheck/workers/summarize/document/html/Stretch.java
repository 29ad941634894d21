package dev.coatcheck.workers.summarize.document.html;

import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** Text that runs on in one line, and how much of it is links. */
final class Stretch {

  private static final Pattern FOOTNOTE =
      Pattern.compile("\\[(?:\\d{1,3}|[a-z]|note \\d+|edit|citation needed)\\]|\\d{1,3}");

  private final StringBuilder text = new StringBuilder();
  private int length;
  private int linked;
  private boolean broken;

  void add(TextNode node) {
    append(node, false);
  }

  void add(Element element) {
    append(element, false);
  }

  /** Notes a line break; true if it is the second in a row. */
  boolean breakLine() {
    boolean second = broken;
    text.append(' ');
    broken = true;
    return second;
  }

  boolean isEmpty() {
    return length == 0;
  }

  int length() {
    return length;
  }

  double linkDensity() {
    return length == 0 ? 0 : (double) linked / length;
  }

  String text() {
    return text.toString();
  }

  private void append(Node node, boolean inLink) {
    if (node instanceof TextNode words) {
      append(words.getWholeText(), inLink);
    } else if (node instanceof Element element && !isFootnoteMark(element)) {
      if (element.nameIs("br") || element.nameIs("img")) {
        text.append(' ');
      }
      boolean link = inLink || element.nameIs("a");
      element.childNodes().forEach(child -> append(child, link));
    }
  }

  private void append(String words, boolean inLink) {
    int visible = TextLength.of(words);
    length += visible;
    linked += inLink ? visible : 0;
    broken &= visible == 0;
    text.append(words);
  }

  private static boolean isFootnoteMark(Element element) {
    return element.nameIs("sup")
        && element.selectFirst("a") != null
        && FOOTNOTE.matcher(element.text().strip()).matches();
  }
}
