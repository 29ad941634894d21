package dev.coatcheck.workers.summarize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Payload;
import dev.coatcheck.workers.WorkerJson;
import dev.coatcheck.workers.summarize.document.pdf.PdfPrinter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SummarizeSourcesTest {

  private static final String PAGE =
      "<!doctype html><title>Coats</title><nav>Menu of the house</nav><p>The guest hands in a coat"
          + " and receives a ticket with a number.<p>The attendant finds the coat by its number.";

  @TempDir Path folder;

  private final FakeContext context = new FakeContext();
  private List<Path> spoolsBefore = List.of();

  @BeforeEach
  void look() throws IOException {
    spoolsBefore = spools();
  }

  @AfterEach
  void nothing_is_left_behind() throws IOException {
    assertThat(spools()).isEqualTo(spoolsBefore);
  }

  private static List<Path> spools() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return entries
          .filter(path -> path.getFileName().toString().startsWith("coatcheck-summarize-"))
          .sorted()
          .toList();
    }
  }

  private Payload run(Fetcher fetcher, Map<String, Object> input) throws Exception {
    Reply reply = SummarizeWorker.handler(fetcher).handle(context, WorkerJson.write(input));
    return ((Reply.Completed) reply).output();
  }

  private JsonNode summarize(Map<String, Object> input) throws Exception {
    return WorkerJson.read(run(Fetcher.none(), input), JsonNode.class);
  }

  private WorkFailure failure(Map<String, Object> input) {
    return (WorkFailure) catchThrowable(() -> run(Fetcher.none(), input));
  }

  private void assertUnsupported(Map<String, Object> input, String... words) {
    WorkFailure failure = failure(input);
    assertThat(failure.code()).isEqualTo(ErrorCode.UNSUPPORTED_INPUT);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure.text()).contains(words);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void a_file_is_named_by_its_id_and_bytes() throws Exception {
    String id = context.add("coats.html", "text/html", utf8(PAGE));
    JsonNode output = summarize(Map.of("file", id));
    assertThat(output.get("format").asString()).isEqualTo("html");
    assertThat(output.get("title").asString()).isEqualTo("Coats");
    assertThat(output.get("summary").asString()).doesNotContain("Menu");
    JsonNode source = output.get("source");
    assertThat(source.get("kind").asString()).isEqualTo("file");
    assertThat(source.get("file").asString()).isEqualTo(id);
    assertThat(source.get("url").isNull()).isTrue();
    assertThat(source.get("bytes").asLong()).isEqualTo(PAGE.length());
    assertThat(source.get("sha256").asString()).isEqualTo(Spool.digest(utf8(PAGE)).sha256());
  }

  @Test
  void a_url_is_loaded_by_the_fetcher_within_limits() throws Exception {
    Fetcher fetcher =
        (url, into, maxBytes, atMost) -> {
          assertThat(maxBytes).isEqualTo(Intake.BYTES_MAX);
          assertThat(atMost).isEqualTo(Duration.ofSeconds(60));
          write(into, PAGE);
          return new Fetcher.Fetched("text/html; charset=utf-8");
        };
    String url = "https://example.com/coats";
    JsonNode output = WorkerJson.read(run(fetcher, Map.of("url", url)), JsonNode.class);
    assertThat(output.get("source").get("kind").asString()).isEqualTo("url");
    assertThat(output.get("source").get("url").asString()).isEqualTo(url);
    assertThat(output.get("format").asString()).isEqualTo("html");
  }

  private static void write(Path into, String text) {
    try {
      Files.writeString(into, text);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Test
  void without_a_fetcher_urls_are_refused() {
    WorkFailure failure = failure(Map.of("url", "https://example.com/"));
    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT_UNAVAILABLE);
    assertThat(failure.text()).contains("loads no URLs");
  }

  @Test
  void what_the_fetcher_says_reaches_the_submitter() {
    Fetcher down =
        (url, into, maxBytes, atMost) -> {
          write(into, "half of it");
          throw WorkFailure.retryable(ErrorCode.INPUT_UNAVAILABLE, "answered 503");
        };
    assertThatThrownBy(() -> run(down, Map.of("url", "https://example.com/")))
        .isInstanceOfSatisfying(
            WorkFailure.class, failure -> assertThat(failure.retryable()).isTrue())
        .hasMessage("answered 503");
  }

  @Test
  void an_unknown_file_is_unavailable() {
    WorkFailure failure = failure(Map.of("file", "file_01jd8x6q1vafh3m5n7p9r2s4t6"));
    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT_UNAVAILABLE);
    assertThat(failure.retryable()).isFalse();
  }

  @Test
  void a_file_that_cannot_be_read_now_may_be_later() {
    InputStream broken =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("disk on fire");
          }
        };
    WorkFailure failure = failure(Map.of("file", context.add("a", "text/plain", 5, broken)));
    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT_UNAVAILABLE);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.text()).doesNotContain("fire");
  }

  @Test
  void a_file_of_200_megabytes_is_refused_unread() {
    InputStream untouchable =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] buffer, int offset, int length) {
            throw new AssertionError("read");
          }
        };
    String id = context.add("huge.html", "text/html", 200_000_000, untouchable);
    assertUnsupported(Map.of("file", id), "too large", "128 MiB");
  }

  @Test
  void a_page_of_20_megabytes_is_refused() {
    byte[] page = utf8(PAGE + "<p>" + "long ".repeat(4_000_000));
    assertUnsupported(
        Map.of("file", context.add("page", "application/octet-stream", page)),
        "too large",
        "16 MiB");
  }

  @Test
  void more_bytes_than_a_file_claims_to_have_are_not_read_without_end() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            Arrays.fill(buffer, offset, offset + length, (byte) 'x');
            return length;
          }
        };
    assertUnsupported(Map.of("file", context.add("a.txt", "text/plain", 5, endless)), "too large");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "89504E470D0A1A0A0000000D49484452 | PNG image",
        "FFD8FFE000104A464946 | JPEG image",
        "504B0304140000000000 | ZIP archive",
        "504B030414000000776F72642F646F63756D656E742E786D6C | Word document",
        "7F454C4602010100 | program",
        "1F8B0800 | gzip",
        "D0CF11E0A1B11AE1 | old Office document",
        "00010203040506070809 | binary data",
        "546865207573756C20746578740062 | binary data",
        "7B5C727466315C616E7369 | RTF"
      })
  void a_binary_renamed_to_txt_is_called_what_it_is(String hex, String kind) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertUnsupported(
        Map.of("file", context.add("notes.txt", "text/plain", bytes)), "looks like", kind);
    assertUnsupported(
        Map.of("file", context.add("notes.txt", "text/plain", bytes), "format", "text"), kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "html", "markdown"})
  void a_pdf_is_not_read_as_text(String format) {
    String id = context.add("a.txt", "text/plain", utf8("%PDF-1.7\nrest"));
    assertUnsupported(Map.of("file", id, "format", format), "is a PDF");
  }

  @Test
  void what_is_no_pdf_is_not_read_as_one() {
    String id = context.add("a.pdf", "application/pdf", utf8(PAGE));
    assertUnsupported(Map.of("file", id, "format", "pdf"), "no PDF");
    assertUnsupported(Map.of("text", "%PDF-1.7", "format", "pdf"), "as a file or by its URL");
  }

  @ParameterizedTest
  @CsvSource({"coats,application/pdf,html", "coats.txt,text/plain,html", "a.html,text/plain,html"})
  void the_content_decides_over_the_name(String name, String type, String format) throws Exception {
    JsonNode output = summarize(Map.of("file", context.add(name, type, utf8(PAGE))));
    assertThat(output.get("format").asString()).isEqualTo(format);
  }

  @ParameterizedTest
  @CsvSource({"a.md,text/plain,markdown", "a,text/markdown,markdown", "a.txt,text/plain,text"})
  void without_a_clear_content_the_name_decides(String name, String type, String format)
      throws Exception {
    byte[] text = utf8("The guest hands in a coat and gets a number.");
    JsonNode output = summarize(Map.of("file", context.add(name, type, text)));
    assertThat(output.get("format").asString()).isEqualTo(format);
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8,text/plain,''",
    "UTF-16LE,text/plain,\ufeff",
    "UTF-16BE,text/plain,\ufeff",
    "windows-1252,text/plain,''",
    "ISO-8859-2,text/plain; charset=iso-8859-2,''",
    "Shift_JIS,text/html; charset=Shift_JIS,''",
  })
  void umlauts_come_through_in_every_charset(String charset, String type, String mark)
      throws Exception {
    String text =
        charset.startsWith("Shift")
            ? "<p>長い冬の夜に漁師は網を直していた。</p>"
            : "Die Gäste geben über hundert Mäntel ab und hören Musik.";
    byte[] bytes = (mark + text).getBytes(Charset.forName(charset));
    JsonNode output = summarize(Map.of("file", context.add("gaeste", type, bytes)));
    assertThat(text).contains(output.get("summary").asString());
  }

  @Test
  void the_charset_of_a_page_is_that_of_its_meta_element() throws Exception {
    String page = "<html><meta charset='iso-8859-7'><p>Ο φαροφύλακας γράφει κάθε μέρα στο βιβλίο.";
    byte[] bytes = page.getBytes(Charset.forName("ISO-8859-7"));
    JsonNode output = summarize(Map.of("file", context.add("page.html", "text/html", bytes)));
    assertThat(page).contains(output.get("summary").asString());
  }

  @Test
  void a_text_of_html_is_read_as_html() throws Exception {
    assertThat(summarize(Map.of("text", PAGE)).get("format").asString()).isEqualTo("html");
  }

  @Test
  void a_pdf_goes_page_by_page_and_its_bytes_give_the_same_output_again() throws Exception {
    byte[] pdf = pdf(12);
    String id = context.add("report", "application/octet-stream", pdf);
    Payload first = run(Fetcher.none(), Map.of("file", id, "sentences", 8));
    assertThat(context.messages).contains("page 1 of 12", "page 12 of 12");
    assertThat(context.fractions).isSorted().allMatch(fraction -> fraction <= 1);
    JsonNode output = WorkerJson.read(first, JsonNode.class);
    assertThat(output.get("format").asString()).isEqualTo("pdf");
    assertThat(output.get("page_count").asInt()).isEqualTo(12);
    for (JsonNode sentence : output.get("sentences")) {
      assertThat(sentence.get("page").asInt()).isBetween(1, 12);
    }
    Map<String, Object> again = Map.of("file", context.add("a", "b", pdf), "sentences", 8);
    assertThat(run(Fetcher.none(), again).text().replaceAll("file_\\w+", ""))
        .isEqualTo(first.text().replaceAll("file_\\w+", ""));
  }

  private byte[] pdf(int pages) throws IOException {
    Prose prose = new Prose(pages);
    try (PdfPrinter printer = new PdfPrinter().footer(page -> "Page " + page)) {
      while (printer.page() < pages) {
        printer.newPage().paragraph(prose.sentences(12));
      }
      return Files.readAllBytes(printer.save(folder.resolve("report.pdf")));
    }
  }

  @Test
  void a_canceled_attempt_stops_wherever_it_is() throws Exception {
    byte[] pdf = pdf(5);
    for (int checkpoints = 1; checkpoints < 12; checkpoints++) {
      FakeContext stopping = new FakeContext().stoppingAfter(checkpoints);
      Payload input = WorkerJson.write(Map.of("file", stopping.add("a.pdf", "b", pdf)));
      assertThatThrownBy(() -> SummarizeWorker.handler().handle(stopping, input))
          .isInstanceOf(InterruptedException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "text", "markdown", "html", "pdf"})
  void noise_of_any_format_gets_a_summary_or_a_clear_error(String format) throws Exception {
    for (long seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] noise = new byte[random.nextInt(1, 5_000)];
      random.nextBytes(noise);
      if (seed % 2 == 0) {
        byte[] start = utf8(format.equals("pdf") ? "%PDF-1.4\n1 0 obj << " : "<html><p a=");
        System.arraycopy(start, 0, noise, 0, Math.min(start.length, noise.length));
      }
      String id = context.add("noise.txt", "text/plain", noise);
      try {
        summarize(Map.of("file", id, "format", format));
      } catch (WorkFailure failure) {
        assertThat(failure.code()).as("seed %d", seed).isEqualTo(ErrorCode.UNSUPPORTED_INPUT);
      }
    }
  }
}
