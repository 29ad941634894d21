package dev.coatcheck.workers.summarize.document.pdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.coatcheck.workers.summarize.Prose;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class PdfRefusalTest {

  private static final byte[] SPACES = " ".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);

  @TempDir static Path folder;

  private static void assertRefused(Path file, String... words) {
    assertThatThrownBy(() -> PdfReader.read(file, fraction -> {}))
        .isInstanceOf(UnsupportedInputException.class)
        .message()
        .contains(words);
  }

  private static PdfPrinter report() {
    PdfPrinter printer = new PdfPrinter();
    for (int i = 0; i < 10; i++) {
      printer.paragraph(new Prose(i).sentences(8));
    }
    return printer;
  }

  @Test
  void encryption_with_a_password() throws Exception {
    try (PdfPrinter printer = report()) {
      Path file = printer.save(folder.resolve("locked.pdf"), "secret", new AccessPermission());
      assertRefused(file, "encrypted");
    }
  }

  @Test
  void extraction_that_is_not_permitted() throws Exception {
    AccessPermission permission = new AccessPermission();
    permission.setCanExtractContent(false);
    try (PdfPrinter printer = report()) {
      Path file = printer.save(folder.resolve("forbidden.pdf"), "", permission);
      assertRefused(file, "does not permit");
    }
  }

  @Test
  void a_scan_without_text() throws Exception {
    Path file = folder.resolve("scan.pdf");
    try (PDDocument pdf = new PDDocument()) {
      for (int i = 0; i < 3; i++) {
        PDPage page = new PDPage();
        pdf.addPage(page);
        try (PDPageContentStream out = new PDPageContentStream(pdf, page)) {
          BufferedImage picture = new BufferedImage(200, 300, BufferedImage.TYPE_BYTE_GRAY);
          out.drawImage(LosslessFactory.createFromImage(pdf, picture), 0, 0);
        }
      }
      pdf.save(file.toFile());
    }
    assertRefused(file, "3 pages", "no text", "OCR");
  }

  @Test
  void a_file_that_breaks_off() throws Exception {
    try (PdfPrinter printer = report()) {
      byte[] whole = Files.readAllBytes(printer.save(folder.resolve("whole.pdf")));
      for (int part = 1; part < 10; part++) {
        byte[] cut = Arrays.copyOf(whole, whole.length * part / 10);
        assertRefused(Files.write(folder.resolve("cut.pdf"), cut), "damaged");
      }
    }
  }

  static Stream<Arguments> bombs() throws IOException {
    byte[] gigabyte = RawPdf.deflated(SPACES, 1024);
    byte[] twice = RawPdf.deflated(gigabyte, 1);
    byte[] hex = RawPdf.deflated("20".repeat(500_000).getBytes(StandardCharsets.US_ASCII), 200);
    return Stream.of(
        argumentSet("a content stream", page("/Filter /FlateDecode", gigabyte)),
        argumentSet("a stream packed twice", page("/Filter [/FlateDecode /FlateDecode]", twice)),
        argumentSet(
            "a stream packed in two ways", page("/Filter [/FlateDecode /ASCIIHexDecode]", hex)),
        argumentSet(
            "a form",
            new RawPdf()
                .page("/XObject << /X 5 0 R >>").stream("/X Do").stream(
                    "/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Filter /FlateDecode",
                    gigabyte)),
        argumentSet(
            "the same form again and again",
            new RawPdf()
                .page("/XObject << /X 5 0 R >>").stream("/X Do ".repeat(1_000)).stream(
                    "/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Filter /FlateDecode",
                    RawPdf.deflated(SPACES, 15))),
        argumentSet(
            "a table of letters",
            new RawPdf()
                .page("/Font << /F 5 0 R >>").stream("BT /F 12 Tf (Hello) Tj ET")
                    .object("<< /Type /Font /Subtype /Type1 /BaseFont /X /ToUnicode 6 0 R >>")
                    .stream("/Filter /FlateDecode", gigabyte)),
        argumentSet(
            "forms that call one another",
            forms("/A Do ".repeat(100), "/B Do ".repeat(100), "/A Do ".repeat(100))),
        argumentSet(
            "states saved without end",
            page("", "q ".repeat(2_000_000).getBytes(StandardCharsets.US_ASCII))),
        argumentSet("empty arrays", packed("[]")),
        argumentSet("words in arrays", packed("[ q [] ")),
        argumentSet("values that look like words", packed("[] true ")),
        argumentSet("strings", packed("(\\)) <> ")),
        argumentSet("brackets that close nothing", packed("]")),
        argumentSet(
            "arrays in an array",
            new RawPdf()
                .object(
                    "<< /Type /Pages /Kids [3 0 R] /Count 1 /X ["
                        + "[] ".repeat(5_000_000)
                        + "] >>")
                .object("<< /Type /Page /Parent 2 0 R >>")));
  }

  private static RawPdf packed(String piece) throws IOException {
    byte[] pieces = piece.repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
    return page("/Filter /FlateDecode", RawPdf.deflated(pieces, 1));
  }

  private static RawPdf page(String dictionary, byte[] content) {
    return new RawPdf().page("").stream(dictionary, content);
  }

  private static RawPdf forms(String content, String first, String second) {
    String resources = "/Resources << /XObject << /A 5 0 R /B 6 0 R >> >>";
    String form = "/Type /XObject /Subtype /Form /BBox [0 0 1 1] " + resources;
    return new RawPdf()
        .page("/XObject << /A 5 0 R /B 6 0 R >>").stream(content).stream(
            form, first.getBytes(StandardCharsets.US_ASCII))
            .stream(form, second.getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void bombs(RawPdf bomb) {
    assertThatThrownBy(() -> PdfReader.read(bomb.save(folder.resolve("bomb.pdf")), fraction -> {}))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageNotContaining("no text")
        .hasMessageNotContaining("damaged");
  }

  @Test
  void pages_too_wide_for_the_predictor_are_left_out() throws IOException {
    RawPdf raw =
        page(
            "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 2000000000 >>",
            RawPdf.deflated(SPACES, 1));
    assertRefused(raw.save(folder.resolve("wide.pdf")), "PDF");
  }

  @Test
  void nested_arrays_do_not_exhaust_the_stack() throws IOException {
    RawPdf raw =
        new RawPdf()
            .object("<< /Type /Pages /Kids [3 0 R] /Count 1 /X " + "[".repeat(1_000_000) + " >>")
            .object("<< /Type /Page /Parent 2 0 R >>");
    assertRefused(raw.save(folder.resolve("deep.pdf")), "PDF");
  }

  @Test
  void noise_of_any_kind() throws IOException {
    byte[] whole;
    try (PdfPrinter printer = report()) {
      whole = Files.readAllBytes(printer.save(folder.resolve("sound.pdf")));
    }
    for (long seed = 0; seed < 150; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] noisy = whole.clone();
      for (int i = 0; i < 1 + seed * seed / 50; i++) {
        noisy[random.nextInt(noisy.length)] = (byte) random.nextInt(256);
      }
      Path file = Files.write(folder.resolve("noise.pdf"), noisy);
      try {
        Document document = PdfReader.read(file, fraction -> {});
        assertThat(document.text()).as("seed %d", seed).isNotEmpty();
      } catch (UnsupportedInputException refused) {
        assertThat(refused).as("seed %d", seed).hasMessageContaining("PDF");
      }
    }
  }

  @Test
  void the_checkpoint_ends_a_page_of_any_size() throws IOException {
    RawPdf raw = page("", "0 0 m ".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII));
    Path file = raw.save(folder.resolve("long.pdf"));
    int[] passes = {0};
    IllegalStateException stop = new IllegalStateException("stop");
    assertThatThrownBy(() ->
            PdfReader.read(
                file,
                fraction -> {
                  passes[0]++;
                  if (passes[0] == 20) {
                    throw stop;
                  }
                }))
        .isSameAs(stop);
  }
}
