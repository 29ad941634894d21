package dev.coatcheck.workers.summarize.document.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages beside this class mark with BOILERPLATE what must not be read. */
class HtmlReaderTest {

  private static Document page(String name) throws IOException {
    try (InputStream in = HtmlReaderTest.class.getResourceAsStream(name + ".html")) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      return read(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private static Document read(String html) {
    return HtmlReader.read(html, fraction -> {});
  }

  private static List<String> texts(Document document, Block.Kind kind) {
    return document.blocks().stream()
        .filter(block -> block.kind() == kind)
        .map(document::textOf)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "news | Harbour bridge reopens after two years | The harbour bridge opened | have asked.",
        "blog | Why I keep a paper notebook | I have written | believed on that day.",
        "docs | Timeouts | Every call to | use a deadline for that.",
        "plain-old | The well in the courtyard | The well of the castle | they hear it.",
        "german | Wie das Salz ins Gebirge kam | Vor mehr als | das Salz selbst."
      })
  void a_page_is_read_from_title_to_end_without_what_surrounds_it(
      String name, String title, String first, String last) throws IOException {
    Document document = page(name);
    assertThat(document.title()).isEqualTo(title);
    assertThat(document.text()).contains(first).endsWith(last);
    assertThat(document.text().replace("BOILERPLATE_NOT", "")).doesNotContain("BOILERPLATE");
  }

  @Test
  void headings_lists_tables_quotes_and_code_keep_their_kinds() throws IOException {
    Document blog = page("blog");
    assertThat(texts(blog, Block.Kind.LIST_ITEM)).hasSize(2);
    assertThat(texts(blog, Block.Kind.CODE)).singleElement().asString().startsWith("page = count");
    assertThat(texts(blog, Block.Kind.PARAGRAPH))
        .anyMatch(text -> text.startsWith("The faintest ink"))
        .contains("My first one was lost in a river near the old mill.");
    assertThat(texts(page("news"), Block.Kind.HEADING)).contains("Ferries remain in service");
    assertThat(texts(page("docs"), Block.Kind.TABLE))
        .contains("connect | 5 s | opening the connection");
    assertThat(texts(page("docs"), Block.Kind.PARAGRAPH))
        .anyMatch(text -> text.startsWith("This is how long"));
  }

  @Test
  void footnote_marks_are_no_words() throws IOException {
    assertThat(page("news").text()).contains("both of its bearings. They also raised");
  }

  @Test
  void the_page_says_which_language_it_is_in() throws IOException {
    assertThat(page("german").language()).isEqualTo("de");
    assertThat(read("<html lang='x'><p>A sentence stands here alone.</p>").language()).isNull();
  }

  @Test
  void a_page_of_links_has_no_text() {
    assertThatThrownBy(() -> page("links"))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("no text")
        .hasMessageContaining("links");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<html>", "<p></p>", "<script>var x = 1;</script>", "<title>Only</title>"})
  void a_page_without_text_is_refused(String html) {
    assertThatThrownBy(() -> read(html)).isInstanceOf(UnsupportedInputException.class);
  }

  @Test
  void a_name_that_speaks_of_boilerplate_does_not_condemn_the_content() {
    String text = "The article itself stands in an element with an unlucky name, and is kept.";
    assertThat(read("<body class='menu'><div class='with-sidebar'><p>" + text).text())
        .isEqualTo(text);
    assertThat(read("<div class='social-content'><p>" + text + "</p></div><p>Short.").text())
        .contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<div>",
        "<div class=ad>",
        "<table><tr><td>",
        "<ul><li>",
        "<a href=x>",
        "<b id=1>",
        "<b><p>",
        "<font size=1><p>",
        "<svg>",
        "<select>",
        "<!--",
        "<p",
        "</p>",
        "&amp",
        "<![CDATA[",
        "<pre>",
        "<template>",
        "<a><table>",
        "<button><form>",
        "<span>x"
      })
  @Timeout(60)
  void deep_or_broken_markup_neither_overflows_the_stack_nor_takes_long(String piece) {
    String text = "The keeper wrote the log of the whole week into a book.";
    String html = "<body><p>" + text + "</p>" + piece.repeat(160_000);
    assertThat(read(html).text()).contains(text);
  }

  @Test
  void a_page_with_too_many_tags_or_characters_is_refused() {
    assertThatThrownBy(() -> read("<b>".repeat(HtmlReader.TAGS_MAX + 1)))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("tags");
    assertThatThrownBy(() -> read("x".repeat(HtmlReader.LENGTH_MAX + 1)))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("too large");
  }
}
