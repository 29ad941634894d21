package dev.coatcheck.workers.summarize.document.pdf;

import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.DocumentWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageTree;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of each page, in the order in which the file writes them: files write columns one
 * after the other, and sorting by position would mix them.
 */
final class PageText extends PDFTextStripper {

  static final int PAGES_MAX = 2_000;

  /** A page of small print has ten thousand. */
  static final int LETTERS_PER_PAGE_MAX = 200_000;

  /** A page of a printed book has a thousand, a map a hundred thousand. */
  private static final int OPERATORS_PER_PAGE_MAX = 5_000_000;

  /** The format itself allows 28. */
  private static final int SAVED_STATES_MAX = 10_000;

  private static final int STRIDE = 2_000;

  private final Watch watch;
  private final int pagesExpected;
  private final List<Line> lines = new ArrayList<>();
  private LineDraft draft = new LineDraft();
  private int page;
  private int glyphs;
  private int letters;
  private int lettersOfPage;
  private int operatorsOfPage;
  private boolean truncated;

  /**
   * What was read.
   *
   * @param lines of all pages
   * @param pageCount how many pages were looked at
   * @param truncated whether something was left out
   */
  record Result(List<Line> lines, int pageCount, boolean truncated) {}

  private PageText(PDDocument pdf, Watch watch) {
    this.watch = watch;
    this.pagesExpected = Math.clamp(pdf.getNumberOfPages(), 1, PAGES_MAX);
  }

  static Result of(PDDocument pdf, Watch watch) throws IOException {
    PageText text = new PageText(pdf, watch);
    text.writeText(pdf, Writer.nullWriter());
    return new Result(text.lines, text.page, text.truncated);
  }

  @Override
  protected void processPages(PDPageTree pages) throws IOException {
    for (PDPage each : pages) {
      if (page == PAGES_MAX || letters > Document.CHARACTERS_MAX) {
        truncated = true;
        return;
      }
      read(each);
    }
  }

  private void read(PDPage each) throws IOException {
    page++;
    lettersOfPage = 0;
    operatorsOfPage = 0;
    int of = Math.max(page, pagesExpected);
    watch.pass((page - 1.0) / of, "page " + page + " of " + of);
    try {
      if (each.hasContents()) {
        checkContents(each);
        processPage(each);
      }
    } catch (IOException | RuntimeException damage) {
      // The other pages may be sound; a file without any sound page is refused for having no text.
      watch.rethrow();
      truncated = true;
    }
    finishLine();
  }

  /** PDFBox unpacks the contents of a page on the way, past {@link BoundedStream}. */
  private static void checkContents(PDPage each) throws IOException {
    for (Iterator<PDStream> streams = each.getContentStreams(); streams.hasNext(); ) {
      if (streams.next().getCOSObject() instanceof BoundedStream bounded) {
        bounded.check();
      }
    }
  }

  @Override
  protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
    operatorsOfPage++;
    if (operatorsOfPage % STRIDE == 0) {
      watch.pass();
    }
    if (operatorsOfPage > OPERATORS_PER_PAGE_MAX) {
      throw watch.refuse("Page " + page + " of the PDF is drawn in too many steps.");
    }
    super.processOperator(operator, operands);
  }

  @Override
  public void saveGraphicsState() {
    if (getGraphicsStackSize() > SAVED_STATES_MAX) {
      throw watch.refuse("Page " + page + " of the PDF is nested too deeply.");
    }
    super.saveGraphicsState();
  }

  @Override
  protected void processTextPosition(TextPosition text) {
    glyphs++;
    if (glyphs % STRIDE == 0) {
      watch.pass();
    }
    // A font may say that one of its glyphs stands for a long text.
    @Nullable String unicode = text.getUnicode();
    int length = unicode == null ? 1 : unicode.length();
    letters += length;
    lettersOfPage += length;
    if (lettersOfPage > LETTERS_PER_PAGE_MAX) {
      truncated = true;
    } else {
      super.processTextPosition(text);
    }
  }

  @Override
  protected void writeString(String text, List<TextPosition> positions) {
    draft.add(text, positions);
  }

  @Override
  protected void writeWordSeparator() {
    draft.addSpace();
  }

  @Override
  protected void writeLineSeparator() {
    finishLine();
  }

  @Override
  protected void writePageEnd() {
    finishLine();
  }

  @Override
  protected void endArticle() {
    finishLine();
  }

  private void finishLine() {
    String text = DocumentWriter.clean(draft.text());
    if (!text.isEmpty()) {
      lines.add(draft.finish(page, text));
    }
    draft = new LineDraft();
  }
}
