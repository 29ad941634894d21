package dev.coatcheck.workers.summarize.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Reads CommonMark with tables and strikethrough. Markup goes, its text stays; images, raw HTML,
 * comments, reference definitions and struck-out text are dropped. The title is that of the front
 * matter, else the first heading of level 1.
 */
final class MarkdownExtractor {

  /** Deeper nesting is no document but an attack on the stack of whoever walks the tree. */
  private static final int NESTING_MAX = 50;

  /** A cell of so many characters holds sentences rather than a figure or a name. */
  private static final int PROSE_CELL_LENGTH_MIN = 60;

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create(), StrikethroughExtension.create()))
          .maxOpenBlockParsers(NESTING_MAX)
          .maxInlineNesting(NESTING_MAX)
          .build();

  private final DocumentWriter writer = new DocumentWriter();
  private @Nullable String firstTitle;

  Document extract(String clean) {
    Optional<FrontMatter> matter = FrontMatter.of(clean);
    String body = matter.map(found -> clean.substring(found.end())).orElse(clean);
    PARSER.parse(body).accept(new Blocks());
    @Nullable String declared = matter.isPresent() ? matter.get().title() : null;
    return writer.finish(declared == null ? firstTitle : declared, Format.MARKDOWN);
  }

  private void addHeading(Heading heading) {
    String text = InlineText.of(heading).strip();
    if (heading.getLevel() == 1 && firstTitle == null && !text.isEmpty()) {
      firstTitle = text;
    }
    writer.add(Block.Kind.HEADING, text);
  }

  private void addParagraph(Paragraph paragraph) {
    boolean item = paragraph.getParent() instanceof ListItem;
    String text = InlineText.of(paragraph);
    writer.add(
        item ? Block.Kind.LIST_ITEM : Block.Kind.PARAGRAPH, item ? withoutTaskBox(text) : text);
  }

  private void addTable(TableBlock table) {
    for (Node part = table.getFirstChild(); part != null; part = part.getNext()) {
      for (Node row = part.getFirstChild(); row != null; row = row.getNext()) {
        addRow(row);
      }
    }
  }

  private void addRow(Node row) {
    StringJoiner cells = new StringJoiner(" | ");
    List<String> prose = new ArrayList<>();
    for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
      String text = InlineText.of(cell);
      if (text.length() >= PROSE_CELL_LENGTH_MIN) {
        prose.add(text);
      } else {
        cells.add(text);
      }
    }
    writer.add(Block.Kind.TABLE, cells.toString());
    prose.forEach(text -> writer.add(Block.Kind.PARAGRAPH, text));
  }

  private static String withoutTaskBox(String text) {
    boolean task =
        text.length() > 4 && Set.of("[ ] ", "[x] ", "[X] ").contains(text.substring(0, 4));
    return task ? text.substring(4) : text;
  }

  private final class Blocks extends AbstractVisitor {

    @Override
    public void visit(Heading heading) {
      addHeading(heading);
    }

    @Override
    public void visit(Paragraph paragraph) {
      addParagraph(paragraph);
    }

    @Override
    public void visit(FencedCodeBlock code) {
      writer.addVerbatim(Block.Kind.CODE, code.getLiteral());
    }

    @Override
    public void visit(IndentedCodeBlock code) {
      writer.addVerbatim(Block.Kind.CODE, code.getLiteral());
    }

    @Override
    public void visit(CustomBlock block) {
      if (block instanceof TableBlock table) {
        addTable(table);
      }
    }
  }
}
