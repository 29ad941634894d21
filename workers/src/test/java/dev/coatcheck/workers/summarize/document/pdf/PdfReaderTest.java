package dev.coatcheck.workers.summarize.document.pdf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.workers.summarize.Prose;
import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.document.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PdfReaderTest {

  @TempDir Path folder;

  private Document read(PdfPrinter printer) throws IOException {
    return PdfReader.read(printer.save(folder.resolve("test.pdf")), fraction -> {});
  }

  private static int pageOf(Document document, int offset) {
    return Objects.requireNonNull(document.pages()).pageAt(offset);
  }

  private static List<String> texts(Document document, Block.Kind kind) {
    return document.blocks().stream()
        .filter(block -> block.kind() == kind)
        .map(document::textOf)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void every_sentence_is_read_whole_on_the_page_it_starts_on(long seed) throws Exception {
    Prose prose = new Prose(seed);
    Map<String, Integer> written = new LinkedHashMap<>();
    try (PdfPrinter printer =
        new PdfPrinter()
            .columns(seed % 2 == 0 ? 2 : 1)
            .header(page -> page % 2 == 0 ? "Annual report" : "Harbour of the north")
            .footer(page -> "Page " + page + " of 12")) {
      if (seed > 2) {
        printer.hyphenating();
      }
      while (printer.page() < 6) {
        List<String> sentences = prose.sentences(4);
        List<Integer> pages = printer.paragraph(sentences);
        for (int i = 0; i < sentences.size(); i++) {
          written.put(sentences.get(i), pages.get(i));
        }
      }
      Document document = read(printer);
      written.forEach((sentence, page) -> {
        int at = document.text().indexOf(sentence);
        assertThat(at).as(sentence).isNotNegative();
        assertThat(pageOf(document, at)).as(sentence).isEqualTo(page);
      });
      assertThat(document.text()).doesNotContain("Annual report", "Harbour of", "of 12");
      assertThat(Objects.requireNonNull(document.pages()).count()).isEqualTo(6);
    }
  }

  @Test
  void paragraphs_stay_apart_and_lines_within_them_do_not() throws Exception {
    Prose prose = new Prose(1);
    List<String> paragraphs = new ArrayList<>();
    try (PdfPrinter printer = new PdfPrinter().hyphenating()) {
      for (int i = 0; i < 5; i++) {
        List<String> sentences = prose.sentences(4);
        paragraphs.add(String.join(" ", sentences));
        printer.paragraph(sentences);
      }
      assertThat(texts(read(printer), Block.Kind.PARAGRAPH)).isEqualTo(paragraphs);
    }
  }

  @Test
  void a_paragraph_goes_on_over_the_end_of_the_page() throws Exception {
    List<String> sentences = new Prose(2).sentences(60);
    try (PdfPrinter printer = new PdfPrinter().header(page -> "Log " + page)) {
      printer.paragraph(sentences);
      Document document = read(printer);
      assertThat(document.text()).isEqualTo(String.join(" ", sentences));
      assertThat(Objects.requireNonNull(document.pages()).count()).isGreaterThan(1);
    }
  }

  @Test
  void columns_are_read_one_after_the_other() throws Exception {
    List<String> sentences = new Prose(3).sentences(50);
    try (PdfPrinter printer = new PdfPrinter().columns(2)) {
      printer.paragraph(sentences);
      assertThat(read(printer).text()).isEqualTo(String.join(" ", sentences));
    }
  }

  @Test
  void larger_letters_are_headings_and_the_first_one_the_title() throws Exception {
    try (PdfPrinter printer = new PdfPrinter()) {
      printer.heading("The harbour").paragraph(new Prose(1).sentences(5));
      printer.heading("The sea").paragraph(new Prose(2).sentences(5));
      Document document = read(printer);
      assertThat(texts(document, Block.Kind.HEADING)).containsExactly("The harbour", "The sea");
      assertThat(document.title()).isEqualTo("The harbour");
    }
  }

  @Test
  void a_sensible_title_in_the_metadata_wins() throws Exception {
    try (PdfPrinter printer = new PdfPrinter()) {
      printer.heading("Chapter 1").paragraph(new Prose(1).sentences(5));
      printer.pdf().getDocumentInformation().setTitle("Harbours of the North Sea");
      assertThat(read(printer).title()).isEqualTo("Harbours of the North Sea");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Microsoft Word - draft 3", "report.docx", "untitled", " ", "12"})
  void the_name_of_a_file_is_no_title(String title) throws Exception {
    try (PdfPrinter printer = new PdfPrinter()) {
      printer.heading("The harbour").paragraph(new Prose(1).sentences(5));
      printer.pdf().getDocumentInformation().setTitle(title);
      assertThat(read(printer).title()).isEqualTo("The harbour");
    }
  }

  @Test
  void a_hyphen_stays_where_the_word_has_one() {
    String text =
        "A well-kept harbour pays for itself, said the harbour master on the first day of the well-";
    Document document =
        new PdfComposition(1)
            .compose(
                List.of(
                    new Line(1, 72, 500, 100, 11, false, text),
                    new Line(1, 72, 500, 114, 11, false, "kept lamp and its consid-"),
                    new Line(1, 72, 500, 128, 11, false, "erable light.")));
    assertThat(document.text()).endsWith("of the well-kept lamp and its considerable light.");
  }

  @Test
  void ligatures_are_letters_again() throws Exception {
    RawPdf raw =
        new RawPdf()
            .page(
                "/Font << /L << /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
                    + " /Encoding << /Type /Encoding /Differences [1 /fi /ffi] >> >> >>");
    raw.stream("BT /L 12 Tf 72 700 Td (The \\001rst o\\002ce is open to all.) Tj ET");
    Document document = PdfReader.read(raw.save(folder.resolve("raw.pdf")), fraction -> {});
    assertThat(document.text()).isEqualTo("The first office is open to all.");
  }

  @Test
  void a_page_without_text_still_counts() throws Exception {
    try (PdfPrinter printer = new PdfPrinter()) {
      printer.newPage().newPage();
      printer.paragraph(new Prose(1).sentences(3));
      printer.newPage();
      printer.newPage().paragraph(new Prose(2).sentences(3));
      Document document = read(printer);
      assertThat(Objects.requireNonNull(document.pages()).count()).isEqualTo(4);
      assertThat(pageOf(document, 0)).isEqualTo(2);
      assertThat(pageOf(document, document.text().length() - 1)).isEqualTo(4);
    }
  }

  @Test
  void encryption_that_opens_without_a_password_is_no_obstacle() throws Exception {
    try (PdfPrinter printer = new PdfPrinter()) {
      printer.paragraph(new Prose(1).sentences(5));
      Path file = printer.save(folder.resolve("owner.pdf"), "", new AccessPermission());
      assertThat(PdfReader.read(file, fraction -> {}).text()).startsWith("In entry 1 the");
    }
  }

  @Test
  void progress_tells_the_page() throws Exception {
    List<String> messages = new ArrayList<>();
    try (PdfPrinter printer = new PdfPrinter()) {
      printer.newPage().newPage().newPage().paragraph(new Prose(1).sentences(3));
      Checkpoint listening =
          new Checkpoint() {
            @Override
            public void pass(double fraction) {}

            @Override
            public void pass(double fraction, String message) {
              messages.add(message);
            }
          };
      PdfReader.read(printer.save(folder.resolve("test.pdf")), listening);
    }
    assertThat(messages).containsExactly("page 1 of 3", "page 2 of 3", "page 3 of 3");
  }

  @Test
  void pages_beyond_the_limit_are_left_out() throws Exception {
    try (PdfPrinter printer = new PdfPrinter()) {
      for (int i = 0; i < PageText.PAGES_MAX + 2; i++) {
        printer.newPage().paragraph("x".repeat(i % 7) + "This is page number " + i + ".");
      }
      Document document = read(printer);
      assertThat(document.truncated()).isTrue();
      assertThat(document.text()).contains("number 1999.").doesNotContain("number 2000.");
    }
  }
}
