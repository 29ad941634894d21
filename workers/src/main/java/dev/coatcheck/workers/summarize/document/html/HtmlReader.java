package dev.coatcheck.workers.summarize.document.html;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.DocumentWriter;
import dev.coatcheck.workers.summarize.document.Format;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Reads the content of an HTML page: headings, paragraphs, lists, tables and code of what the page
 * is about. Menus, banners, side bars, comments, scripts and whatever is hidden are left out.
 * Nothing is ever loaded, whatever the page refers to.
 */
public final class HtmlReader {

  /** A longer page, in bytes or characters, is refused: its tree would be too large. */
  public static final int LENGTH_MAX = 16 * 1024 * 1024;

  /** A tag costs a hundred times its length in memory. */
  static final int TAGS_MAX = 500_000;

  /** Deeper elements are put at this depth, so that no page can exhaust the stack. */
  private static final int DEPTH_MAX = 256;

  private HtmlReader() {}

  /**
   * Reads the page.
   *
   * @throws UnsupportedInputException if it is too large or has no text of its own
   */
  public static Document read(String html, Checkpoint checkpoint) {
    checkSize(html);
    org.jsoup.nodes.Document page = Parser.htmlParser().setMaxDepth(DEPTH_MAX).parseInput(html, "");
    checkpoint.pass(0.5);
    String title = PageTitle.of(page);
    String language = page.select("html").attr("lang");
    Boilerplate.removeFrom(page);
    checkpoint.pass(0.7);
    Element main = MainContent.of(page);
    checkpoint.pass(0.8);
    return compose(main, title, checkpoint.part(0.8, 1)).stating(language);
  }

  private static Document compose(Element main, @Nullable String title, Checkpoint checkpoint) {
    DocumentWriter writer = new DocumentWriter();
    Composition composition = new Composition(TextLength.in(main), writer, checkpoint);
    composition.write(main);
    if (!composition.hasProse()) {
      throw new UnsupportedInputException(
          "The page has no text to summarize"
              + (main.select("a").size() > 2 ? ": it consists of links." : "."));
    }
    Document document = writer.finish(title == null ? writer.openingHeading() : title, Format.HTML);
    return composition.truncated() ? document.cutShort() : document;
  }

  private static void checkSize(String html) {
    if (html.length() > LENGTH_MAX) {
      throw tooLarge();
    }
    int tags = 0;
    for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
      tags++;
    }
    if (tags > TAGS_MAX) {
      throw new UnsupportedInputException(
          "The page is too large: it has more than " + TAGS_MAX + " tags.");
    }
  }

  /** How a page of more than {@link #LENGTH_MAX} bytes or characters is refused. */
  public static UnsupportedInputException tooLarge() {
    return new UnsupportedInputException(
        "The page is too large: HTML may have " + (LENGTH_MAX >> 20) + " MiB.");
  }
}
