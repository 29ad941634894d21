package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.server.config.ConfigLoader;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.reading.DocumentReader;
import dev.coatcheck.workers.summarize.reading.StoredInput;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Documents from the upload to the summary, through a whole server. */
@Timeout(120)
class DocumentsTest {

  @TempDir private Path directory;
  private Coatcheck server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    Map<String, String> flags =
        Map.of(
            "server.port", "0",
            "server.grace", "1s",
            "data.dir", directory.resolve("data").toString());
    server = Coatcheck.start(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    client = new Client(server.url());
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private String upload(String name, String type, HttpRequest.BodyPublisher body) {
    Client.Answer answer =
        client.send(
            client.request("/v1/files?name=" + name).header("Content-Type", type).POST(body));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.id();
  }

  private String upload(String name, String type, byte[] bytes) {
    return upload(name, type, HttpRequest.BodyPublishers.ofByteArray(bytes));
  }

  private JsonNode ended(String file, String status) {
    String job = client.submitted("summarize", "{\"file\":\"" + file + "\"}");
    Client.Answer end = client.get("/v1/jobs/" + job, "Prefer", "wait=60");
    assertThat(end.get("status").asString()).as(end.text()).isEqualTo(status);
    return end.json();
  }

  private void refused(String file, String... words) {
    JsonNode job = ended(file, "failed");
    assertThat(job.at("/error/code").asString()).isEqualTo("unsupported_input");
    assertThat(job.at("/error/retryable").asBoolean()).isFalse();
    assertThat(job.at("/error/message").asString()).contains(words);
    assertThat(job.at("/attempt").asInt()).isOne();
  }

  @Test
  void every_sentence_of_a_long_pdf_is_where_the_summary_says() throws Exception {
    byte[] pdf = pdf(120, false);
    JsonNode output =
        ended(upload("manual.pdf", "application/pdf", pdf), "succeeded").get("output");

    assertThat(output.get("page_count").asInt()).isEqualTo(120);
    assertThat(output.get("format").asString()).isEqualTo("pdf");
    assertThat(output.at("/source/bytes").asInt()).isEqualTo(pdf.length);
    Path copy = Files.write(directory.resolve("copy.pdf"), pdf);
    StoredInput input = new StoredInput(copy, pdf.length, "application/pdf", "manual.pdf");
    Document document = DocumentReader.read(input, null, fraction -> {});
    assertThat(output.get("sentences")).hasSize(5);
    for (JsonNode sentence : output.get("sentences")) {
      int start = sentence.get("start").asInt();
      String text = document.text().substring(start, sentence.get("end").asInt());
      assertThat(sentence.get("text").asString()).isEqualTo(text);
      int page = Objects.requireNonNull(document.pages()).pageAt(start);
      assertThat(sentence.get("page").asInt()).isEqualTo(page);
      assertThat(text).contains("On page " + page + " ");
    }
  }

  @Test
  void what_cannot_be_read_ends_at_once_with_its_reason() throws Exception {
    refused(upload("secret.pdf", "application/pdf", pdf(2, true)), "encrypted");
    refused(upload("scan.pdf", "application/pdf", empty(3)), "3 pages", "no text");
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D'};
    refused(upload("notes.txt", "text/plain", png), "PNG");
    refused(
        upload(
            "broken.pdf",
            "application/pdf",
            "%PDF-1.7 and no more".getBytes(StandardCharsets.UTF_8)),
        "PDF");
  }

  @Test
  void a_page_of_200_megabytes_is_refused_as_too_large() {
    byte[] piece =
        "<p>A sentence among very many of them.</p>\n"
            .repeat(1_000)
            .getBytes(StandardCharsets.UTF_8);
    int pieces = 200_000_000 / piece.length;
    String file =
        upload(
            "huge.html",
            "text/html",
            HttpRequest.BodyPublishers.ofInputStream(() -> new Repeated(piece, pieces)));

    refused(file, "too large");
  }

  @Test
  void none_or_two_of_the_sources_are_refused_in_words() {
    Client.Answer none = client.submit("summarize", "{\"sentences\":3}");
    none.isProblem(422, "validation_failed");
    assertThat(none.pointers()).containsExactly("/input");
    assertThat(none.get("detail").asString())
        .isEqualTo("/input: needs exactly one of text, url, file");
    Client.Answer two =
        client.submit("summarize", "{\"text\":\"A.\",\"url\":\"https://example.com/\"}");
    assertThat(two.isProblem(422, "validation_failed").get("detail").asString())
        .isEqualTo("/input: needs exactly one of text, url, file");
    Client.Answer both =
        client.submit("summarize", "{\"text\":\"A.\",\"sentences\":1,\"ratio\":0.5}");
    assertThat(both.isProblem(422, "validation_failed").get("detail").asString())
        .isEqualTo("/input: must not have sentences and ratio together");
  }

  /** The same bytes again and again. */
  private static final class Repeated extends InputStream {

    private final byte[] piece;
    private int left;
    private int at;

    Repeated(byte[] piece, int times) {
      this.piece = piece;
      this.left = times;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int read = Math.min(length, piece.length - at);
      System.arraycopy(piece, at, into, offset, read);
      at += read;
      if (at == piece.length) {
        at = 0;
        left--;
      }
      return read;
    }
  }

  private static byte[] pdf(int pages, boolean encrypted) throws Exception {
    try (PDDocument document = new PDDocument()) {
      for (int page = 1; page <= pages; page++) {
        PDPage sheet = new PDPage(PDRectangle.A4);
        document.addPage(sheet);
        try (PDPageContentStream out = new PDPageContentStream(document, sheet)) {
          out.beginText();
          out.setFont(new PDType1Font(FontName.HELVETICA), 11);
          out.setLeading(16);
          out.newLineAtOffset(72, 760);
          for (String line : lines(page)) {
            out.showText(line);
            out.newLine();
          }
          out.endText();
        }
      }
      if (encrypted) {
        document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
      }
      return bytes(document);
    }
  }

  private static String[] lines(int page) {
    String[] things = {"pump", "valve", "boiler", "gauge", "chimney", "ladder", "hose"};
    String[] lines = new String[6];
    for (int i = 0; i < lines.length; i++) {
      String thing = things[(page + i) % things.length];
      String other = things[(page * 3 + i * 5 + 1) % things.length];
      lines[i] =
          "On page "
              + page
              + " the "
              + thing
              + " of part "
              + (page * 6 + i)
              + " is joined to the "
              + other
              + " with care.";
    }
    return lines;
  }

  private static byte[] empty(int pages) throws Exception {
    try (PDDocument document = new PDDocument()) {
      for (int page = 0; page < pages; page++) {
        document.addPage(new PDPage(PDRectangle.A4));
      }
      return bytes(document);
    }
  }

  private static byte[] bytes(PDDocument document) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    document.save(bytes);
    return bytes.toByteArray();
  }
}
