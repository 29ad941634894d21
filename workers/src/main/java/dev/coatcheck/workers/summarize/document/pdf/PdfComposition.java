package dev.coatcheck.workers.summarize.document.pdf;

import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.DocumentWriter;
import dev.coatcheck.workers.summarize.document.Format;
import dev.coatcheck.workers.summarize.document.Pages;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes headings and paragraphs of lines. A paragraph goes on over the end of a column or page
 * unless its last line shows that it is over.
 */
final class PdfComposition {

  private static final int HEADING_LENGTH_MAX = 200;
  private static final int BOLD_HEADING_LENGTH_MAX = 100;
  private static final double LETTERS_OF_PROSE_MIN = 0.6;

  private static final Pattern BULLET =
      Pattern.compile("^(?:[•‣▪●◦·–—*-]|\\d{1,2}[.)]|\\(?[a-z]\\))\\s+(?=\\S)");
  private static final Pattern LEADER = Pattern.compile("\\.{4,}|(?:\\. ){4,}|…{2,}");

  private final DocumentWriter writer = new DocumentWriter();
  private final List<Integer> pageStarts;
  private @Nullable Passage passage;

  PdfComposition(int pageCount) {
    this.pageStarts = new ArrayList<>(Collections.nCopies(Math.max(1, pageCount), -1));
  }

  Document compose(List<Line> lines) {
    Layout layout = new Layout(lines);
    Hyphens hyphens = new Hyphens(lines);
    for (Line line : lines) {
      Block.Kind kind = kind(line, layout);
      if (passage != null && goesOn(passage, line, kind, layout)) {
        passage.add(line, hyphens);
      } else {
        write();
        passage = begin(kind, line);
      }
    }
    write();
    return writer.finish(null, Format.PDF).paged(pages());
  }

  private static Passage begin(Block.Kind kind, Line line) {
    boolean item = kind == Block.Kind.LIST_ITEM;
    return new Passage(
        kind, line, item ? BULLET.matcher(line.text()).replaceFirst("") : line.text());
  }

  private Block.Kind kind(Line line, Layout layout) {
    if (isHeading(line, layout)) {
      return Block.Kind.HEADING;
    }
    Matcher bullet = BULLET.matcher(line.text());
    if (bullet.find() && (bullet.end() == 2 || isItemPlace())) {
      return Block.Kind.LIST_ITEM;
    }
    return isTabular(line.text()) ? Block.Kind.TABLE : Block.Kind.PARAGRAPH;
  }

  /** A number at the start of a line in the middle of a sentence opens no item. */
  private boolean isItemPlace() {
    return passage == null
        || passage.kind() != Block.Kind.PARAGRAPH
        || passage.last().endsSentence();
  }

  private static boolean isHeading(Line line, Layout layout) {
    boolean sentence = line.endsSentence() && line.text().length() > BOLD_HEADING_LENGTH_MAX / 2;
    return line.text().codePoints().anyMatch(Character::isLetter)
        && ((layout.isLarge(line) && line.text().length() <= HEADING_LENGTH_MAX)
            || (line.bold()
                && !layout.isSmall(line)
                && !sentence
                && line.text().length() <= BOLD_HEADING_LENGTH_MAX));
  }

  private static boolean isTabular(String text) {
    long signs = text.codePoints().filter(c -> !Character.isWhitespace(c)).count();
    long letters = text.codePoints().filter(Character::isLetter).count();
    return LEADER.matcher(text).find() || letters < LETTERS_OF_PROSE_MIN * signs;
  }

  private static boolean goesOn(Passage passage, Line line, Block.Kind kind, Layout layout) {
    Line last = passage.last();
    boolean heading = kind == Block.Kind.HEADING;
    if (kind == Block.Kind.LIST_ITEM
        || heading != (passage.kind() == Block.Kind.HEADING)
        || !last.hasSizeOf(line)) {
      return false;
    }
    if (heading) {
      return layout.isNext(last, line) && passage.text().length() < HEADING_LENGTH_MAX;
    }
    return layout.isElsewhere(last, line)
        ? !last.endsSentence() || line.startsInLowerCase()
        : layout.isNext(last, line) && !opensParagraph(passage, line, layout);
  }

  private static boolean opensParagraph(Passage passage, Line line, Layout layout) {
    Line last = passage.last();
    boolean prose = passage.kind() == Block.Kind.PARAGRAPH;
    return last.endsSentence()
        && !line.startsInLowerCase()
        && ((prose && layout.isIndented(last, line)) || layout.isShort(last));
  }

  private void write() {
    if (passage == null || writer.length() > Document.CHARACTERS_MAX) {
      return;
    }
    int start = writer.addClean(passage.kind(), passage.text());
    passage
        .pageStarts()
        .forEach((page, offset) -> {
          if (pageStarts.get(page - 1) < 0) {
            pageStarts.set(page - 1, start + offset);
          }
        });
  }

  /** A page without text starts where the next one does. */
  private Pages pages() {
    int next = writer.length();
    for (int i = pageStarts.size() - 1; i > 0; i--) {
      next = pageStarts.get(i) < 0 ? next : Math.min(next, pageStarts.get(i));
      pageStarts.set(i, next);
    }
    pageStarts.set(0, 0);
    return new Pages(pageStarts);
  }
}
