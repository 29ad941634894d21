package dev.coatcheck.workers.summarize.document.pdf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.jspecify.annotations.Nullable;

/** Sets text on pages as a word processor does, and remembers on which page a sentence started. */
public final class PdfPrinter implements AutoCloseable {

  private static final float MARGIN = 72;
  private static final float GUTTER = 24;
  private static final float SIZE = 11;
  private static final float LEADING = 14;

  private final PDDocument pdf = new PDDocument();
  private final PDFont roman = new PDType1Font(FontName.TIMES_ROMAN);
  private final PDFont bold = new PDType1Font(FontName.HELVETICA_BOLD);
  private IntFunction<String> header = page -> "";
  private IntFunction<String> footer = page -> "";
  private int columns = 1;
  private boolean hyphenating;
  private int column;
  private float y;
  private @Nullable PDPageContentStream out;

  public PdfPrinter header(IntFunction<String> text) {
    header = text;
    return this;
  }

  public PdfPrinter footer(IntFunction<String> text) {
    footer = text;
    return this;
  }

  public PdfPrinter columns(int count) {
    columns = count;
    return this;
  }

  /** Divides long words at the ends of lines. */
  public PdfPrinter hyphenating() {
    hyphenating = true;
    return this;
  }

  public PDDocument pdf() {
    return pdf;
  }

  public int page() {
    return pdf.getNumberOfPages();
  }

  public PdfPrinter newPage() {
    try {
      if (out != null) {
        out.close();
      }
      PDPage page = new PDPage(PDRectangle.A4);
      pdf.addPage(page);
      out = new PDPageContentStream(pdf, page);
      write(header.apply(page()), bold, 8, MARGIN, PDRectangle.A4.getHeight() - 40);
      write(footer.apply(page()), bold, 8, PDRectangle.A4.getWidth() / 2, 40);
      column = 0;
      y = PDRectangle.A4.getHeight() - MARGIN;
      return this;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  public PdfPrinter heading(String text) {
    room(3 * LEADING);
    y -= LEADING;
    write(text, bold, 18, left(), y);
    y -= 2 * LEADING;
    return this;
  }

  /** Sets the sentences as one paragraph; answers the page on which each of them starts. */
  public List<Integer> paragraph(List<String> sentences) {
    List<Integer> pages = new ArrayList<>();
    List<String> words = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>();
    for (String sentence : sentences) {
      firsts.add(words.size());
      words.addAll(Arrays.asList(sentence.split(" ")));
    }
    StringBuilder line = new StringBuilder();
    List<Integer> onLine = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String rest = word;
      if (!fits(line, word)) {
        int cut = hyphenating ? cut(line, word) : 0;
        if (cut > 0) {
          line.append(line.isEmpty() ? "" : " ").append(word, 0, cut).append('-');
          rest = word.substring(cut);
          onLine.add(i);
        }
        flush(line, onLine, firsts, pages);
      }
      if (rest.equals(word)) {
        onLine.add(i);
      }
      line.append(line.isEmpty() ? "" : " ").append(rest);
    }
    flush(line, onLine, firsts, pages);
    y -= LEADING;
    return pages;
  }

  public PdfPrinter paragraph(String text) {
    paragraph(List.of(text));
    return this;
  }

  private void flush(
      StringBuilder line, List<Integer> onLine, List<Integer> firsts, List<Integer> pages) {
    room(LEADING);
    onLine.stream().filter(firsts::contains).forEach(first -> pages.add(page()));
    write(line.toString(), roman, SIZE, left(), y);
    y -= LEADING;
    line.setLength(0);
    onLine.clear();
  }

  private void room(float height) {
    if (out == null) {
      newPage();
    } else if (y - height < MARGIN) {
      column++;
      y = PDRectangle.A4.getHeight() - MARGIN;
      if (column == columns) {
        newPage();
      }
    }
  }

  private float left() {
    return MARGIN + column * (columnWidth() + GUTTER);
  }

  private float columnWidth() {
    return (PDRectangle.A4.getWidth() - 2 * MARGIN - (columns - 1) * GUTTER) / columns;
  }

  private boolean fits(CharSequence line, String word) {
    String text = line.isEmpty() ? word : line + " " + word;
    return width(text) <= columnWidth();
  }

  private int cut(CharSequence line, String word) {
    int letters = word.replaceAll("[^A-Za-z].*", "").length();
    for (int cut = letters - 3; cut >= 3; cut--) {
      if (fits(line, word.substring(0, cut) + "-")) {
        return cut;
      }
    }
    return 0;
  }

  private float width(String text) {
    try {
      return roman.getStringWidth(text) / 1000 * SIZE;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private void write(String text, PDFont font, float size, float x, float height) {
    if (text.isEmpty()) {
      return;
    }
    try {
      PDPageContentStream to = Objects.requireNonNull(out);
      to.beginText();
      to.setFont(font, size);
      to.newLineAtOffset(x, height);
      to.showText(text);
      to.endText();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  public Path save(Path file) throws IOException {
    Objects.requireNonNull(out).close();
    pdf.save(file.toFile());
    pdf.close();
    return file;
  }

  /** Saves it encrypted. */
  public Path save(Path file, String userPassword, AccessPermission permission) throws IOException {
    StandardProtectionPolicy policy =
        new StandardProtectionPolicy("owner", userPassword, permission);
    policy.setEncryptionKeyLength(128);
    Objects.requireNonNull(out).close();
    pdf.protect(policy);
    pdf.save(file.toFile());
    pdf.close();
    return file;
  }

  @Override
  public void close() throws IOException {
    pdf.close();
  }
}
