package dev.coatcheck.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.workers.summarize.Progress;
import dev.coatcheck.workers.summarize.Summarizer;
import dev.coatcheck.workers.summarize.Summary;
import dev.coatcheck.workers.summarize.SummaryOptions;
import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.reading.DocumentReader;
import dev.coatcheck.workers.summarize.reading.StoredInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDocumentsTest {

  @TempDir Path folder;

  private Document read(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in =
        DemoDocumentsTest.class.getResourceAsStream("/dev/coatcheck/cli/demo/" + name)) {
      long bytes = Files.copy(Objects.requireNonNull(in), file);
      return DocumentReader.read(new StoredInput(file, bytes, null, name), null, share -> {});
    }
  }

  private static Summary summarize(Document document) {
    return new Summarizer().summarize(document, SummaryOptions.defaults(), Progress.none());
  }

  @Test
  void the_article_is_summarized_without_what_the_site_puts_around_it() throws IOException {
    Document document = read("lighthouse-light.html");
    assertThat(document.title()).isEqualTo("How a lighthouse throws its light");
    assertThat(document.text())
        .startsWith("How a lighthouse throws its light\n\nA lighthouse has one task")
        .endsWith("gathering light that would have been lost.")
        .doesNotContain("cookies", "Subscribe", "Share", "Related", "inbox", "Advertisement")
        .doesNotContain(
            "comments", "grandfather", "Most read", "reserved", "Photograph", "minutes to");
    assertThat(document.blocks().stream().filter(block -> block.kind() == Block.Kind.HEADING))
        .hasSize(5);
    Summary summary = summarize(document);
    assertThat(summary.sentences()).hasSize(5);
    assertThat(summary.summary()).contains("lens").contains("beam");
  }

  @Test
  void the_guide_says_on_its_pages_what_its_source_says() throws IOException {
    Document document = read("field-guide-to-tides.pdf");
    List<String> source = FieldGuide.paragraphs();
    assertThat(document.title()).isEqualTo(FieldGuide.TITLE);
    assertThat(document.blocks().stream().map(document::textOf))
        .containsExactlyElementsOf(
            source.stream().map(text -> text.replaceFirst("^#+ ", "")).toList());
    Summary summary = summarize(document);
    assertThat(summary.pageCount()).isBetween(8, 12);
    assertThat(summary.wordCount()).isGreaterThan(3_000);
    assertThat(summary.sentences()).hasSize(5).allMatch(sentence -> sentence.page() != null);
  }
}
