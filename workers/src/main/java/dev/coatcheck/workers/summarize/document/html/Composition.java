package dev.coatcheck.workers.summarize.document.html;

import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.DocumentWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.Evaluator;
import org.jsoup.select.Selector;

/** Writes the blocks of an element in the order of the page. */
final class Composition {

  /** A cell of so many characters holds sentences rather than a figure or a name. */
  private static final int PROSE_CELL_LENGTH_MIN = 60;

  /** A stretch with more than this share of links is a menu, unless it is long. */
  private static final double LINKS_MAX = 0.5;

  private static final int LONG_STRETCH_MIN = 200;

  private static final Evaluator CELLS =
      Selector.evaluatorOf("> * > tr > td, > * > tr > th, > tr > td");
  private static final Evaluator ROWS = Selector.evaluatorOf("tr");
  private static final Evaluator CELLS_OF_ROW = Selector.evaluatorOf("> td, > th");

  /** Old pages are tables all over. */
  private static final Evaluator LAYOUT =
      Selector.evaluatorOf("td table, td p ~ p, td h1, td h2, td h3, td ul, td div > p");

  private final TextLength lengths;
  private final DocumentWriter writer;
  private final Checkpoint checkpoint;
  private int elements;
  private int prose;
  private boolean truncated;

  Composition(TextLength lengths, DocumentWriter writer, Checkpoint checkpoint) {
    this.lengths = lengths;
    this.writer = writer;
    this.checkpoint = checkpoint;
  }

  boolean hasProse() {
    return prose > 0;
  }

  boolean truncated() {
    return truncated;
  }

  void write(Element element) {
    elements++;
    if (elements % Checkpoint.STRIDE == 0) {
      checkpoint.pass(0);
    }
    if (writer.length() > Document.CHARACTERS_MAX) {
      truncated = true;
      return;
    }
    switch (element.normalName()) {
      case "pre" -> writer.addVerbatim(Block.Kind.CODE, element.wholeText());
      case "table" -> writeTable(element);
      case "ul", "ol" -> writeList(element);
      case "figcaption", "caption" -> {
        // Describes a picture or a table that the reader of a summary does not see.
      }
      default -> writeFlow(element, kind(element));
    }
  }

  private static Block.Kind kind(Element element) {
    if (Tags.isHeading(element)) {
      return Block.Kind.HEADING;
    }
    return element.nameIs("li") ? Block.Kind.LIST_ITEM : Block.Kind.PARAGRAPH;
  }

  /** Text between blocks is a block of its own; two line breaks end one too. */
  private void writeFlow(Element element, Block.Kind kind) {
    Stretch stretch = new Stretch();
    for (Node node : element.childNodes()) {
      if (node instanceof TextNode text) {
        stretch.add(text);
      } else if (node instanceof Element child && child.nameIs("br")) {
        if (stretch.breakLine()) {
          add(kind, stretch);
          stretch = new Stretch();
        }
      } else if (node instanceof Element child && Tags.isInline(child)) {
        stretch.add(child);
      } else if (node instanceof Element child) {
        add(kind, stretch);
        stretch = new Stretch();
        write(child);
      }
    }
    add(kind, stretch);
  }

  private void add(Block.Kind kind, Stretch stretch) {
    boolean heading = kind == Block.Kind.HEADING;
    if (stretch.isEmpty() || (!heading && isMenu(stretch))) {
      return;
    }
    prose += heading ? 0 : 1;
    writer.add(kind, stretch.text());
  }

  private static boolean isMenu(Stretch stretch) {
    return stretch.linkDensity() > LINKS_MAX && stretch.length() < LONG_STRETCH_MIN;
  }

  /** A list of nothing but links leads elsewhere. */
  private void writeList(Element list) {
    boolean menu = lengths.linkDensity(list) > LINKS_MAX;
    if (!menu) {
      writeFlow(list, Block.Kind.PARAGRAPH);
    }
  }

  private void writeTable(Element table) {
    if (table.selectFirst(LAYOUT) != null) {
      for (Element cell : table.select(CELLS)) {
        writeFlow(cell, Block.Kind.PARAGRAPH);
      }
    } else if (lengths.linkDensity(table) <= LINKS_MAX) {
      table.select(ROWS).forEach(this::writeRow);
    }
  }

  private void writeRow(Element row) {
    StringJoiner cells = new StringJoiner(" | ");
    List<String> sentences = new ArrayList<>();
    for (Element cell : row.select(CELLS_OF_ROW)) {
      String text = cell.text();
      if (text.length() >= PROSE_CELL_LENGTH_MIN) {
        sentences.add(text);
      } else {
        cells.add(text);
      }
    }
    writer.add(Block.Kind.TABLE, cells.toString());
    prose += sentences.size();
    sentences.forEach(text -> writer.add(Block.Kind.PARAGRAPH, text));
  }
}
