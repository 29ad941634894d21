package dev.coatcheck.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;

/** Sets the PDF among the demo's documents from its text, a page of A5 at a time. */
final class FieldGuide {

  static final String TITLE = "A Field Guide to Tides";

  private static final PDRectangle PAPER = PDRectangle.A5;
  private static final float MARGIN = 52;
  private static final float SIZE = 10.5f;
  private static final float LEADING = 14;
  private static final float INDENT = 14;

  private final PDDocument pdf = new PDDocument();
  private final PDFont roman = new PDType1Font(FontName.TIMES_ROMAN);
  private final PDFont bold = new PDType1Font(FontName.HELVETICA_BOLD);
  private final PDFont italic = new PDType1Font(FontName.TIMES_ITALIC);
  private PDPageContentStream out;
  private float y;

  private FieldGuide() throws IOException {
    out = newPage();
  }

  /** Writes the guide to the file named by the only argument. */
  public static void main(String[] arguments) throws IOException {
    FieldGuide guide = new FieldGuide();
    boolean afterHeading = false;
    for (String paragraph : paragraphs()) {
      if (paragraph.startsWith("# ")) {
        guide.heading(paragraph.substring(2), 20);
      } else if (paragraph.startsWith("## ")) {
        guide.heading(paragraph.substring(3), 14);
      } else {
        guide.paragraph(paragraph, afterHeading ? 0 : INDENT);
      }
      afterHeading = paragraph.startsWith("#");
    }
    guide.save(Path.of(arguments[0]));
  }

  static List<String> paragraphs() throws IOException {
    try (InputStream in = FieldGuide.class.getResourceAsStream("field-guide-to-tides.txt")) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      return List.of(new String(bytes, StandardCharsets.UTF_8).strip().split("\n\n"));
    }
  }

  private PDPageContentStream newPage() throws IOException {
    PDPage page = new PDPage(PAPER);
    pdf.addPage(page);
    PDPageContentStream next = new PDPageContentStream(pdf, page);
    int number = pdf.getNumberOfPages();
    if (number > 1) {
      write(next, TITLE, italic, 9, MARGIN, PAPER.getHeight() - 32);
    }
    write(next, String.valueOf(number), roman, 9, PAPER.getWidth() / 2 - 3, 28);
    y = PAPER.getHeight() - MARGIN - 12;
    return next;
  }

  private void heading(String text, float size) throws IOException {
    room(5 * LEADING);
    y -= y < PAPER.getHeight() - 2 * MARGIN ? LEADING : 0;
    write(out, text, bold, size, MARGIN, y);
    y -= 1.7f * LEADING;
  }

  private void paragraph(String text, float indent) throws IOException {
    float left = indent;
    List<String> line = new ArrayList<>();
    for (String word : text.split(" ")) {
      if (width(String.join(" ", line) + " " + word) > PAPER.getWidth() - 2 * MARGIN - left) {
        line(line, left);
        line.clear();
        left = 0;
      }
      line.add(word);
    }
    line(line, left);
  }

  private void line(List<String> words, float left) throws IOException {
    room(LEADING);
    write(out, String.join(" ", words), roman, SIZE, MARGIN + left, y);
    y -= LEADING;
  }

  private void room(float height) throws IOException {
    if (y - height < MARGIN) {
      out.close();
      out = newPage();
    }
  }

  private float width(String text) throws IOException {
    return roman.getStringWidth(text) / 1000 * SIZE;
  }

  private static void write(
      PDPageContentStream to, String text, PDFont font, float size, float x, float height)
      throws IOException {
    to.beginText();
    to.setFont(font, size);
    to.newLineAtOffset(x, height);
    to.showText(text);
    to.endText();
  }

  private void save(Path file) throws IOException {
    out.close();
    pdf.getDocumentInformation().setTitle(TITLE);
    pdf.getDocumentCatalog().setLanguage("en");
    pdf.setDocumentId(1L);
    pdf.save(file.toFile());
    pdf.close();
  }
}
