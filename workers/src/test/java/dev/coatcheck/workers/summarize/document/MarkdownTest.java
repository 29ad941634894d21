package dev.coatcheck.workers.summarize.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTest {

  private static Document read(String raw) {
    return TextReader.read(raw, Format.MARKDOWN, fraction -> {});
  }

  private static List<String> blocks(Document document, Block.Kind kind) {
    return document.blocks().stream()
        .filter(block -> block.kind() == kind)
        .map(document::textOf)
        .toList();
  }

  @Test
  void inline_markup_goes_and_its_text_stays() {
    Document document =
        read(
            """
            Some *soft*, **strong**, ***both*** and `code` with [a link](https://example.com "tip"), [one by
            reference][r], <https://example.org>, an ![image](x.png) that goes, ~~an error~~ a word and <b>tags</b>.

            [r]: https://example.net
            """);
    assertThat(document.text())
        .isEqualTo(
            "Some soft, strong, both and code with a link, one by reference, https://example.org, an that goes, a word"
                + " and tags.");
  }

  @Test
  void blocks_are_told_apart() {
    Document document =
        read(
            """
            # Title

            A paragraph
            of two lines.

            Setext
            ------

            > A quotation.

            * an item
              1. a nested item
            * [x] a task

            ```java
            int code = 1;

            more();
            ```

                indented code

            | a | b |
            |---|---|
            | 1 | *2* |

            ***

            <!-- a comment
            of two lines -->

            <div>raw</div>
            """);
    assertThat(document.title()).isEqualTo("Title");
    assertThat(blocks(document, Block.Kind.HEADING)).containsExactly("Title", "Setext");
    assertThat(blocks(document, Block.Kind.PARAGRAPH))
        .containsExactly("A paragraph of two lines.", "A quotation.");
    assertThat(blocks(document, Block.Kind.LIST_ITEM))
        .containsExactly("an item", "a nested item", "a task");
    assertThat(blocks(document, Block.Kind.CODE))
        .containsExactly("int code = 1;\n\nmore();", "indented code");
    assertThat(blocks(document, Block.Kind.TABLE)).containsExactly("a | b", "1 | 2");
    assertThat(document.text())
        .doesNotContain("comment")
        .doesNotContain("raw")
        .doesNotContain("***");
  }

  @Test
  void blocks_are_in_order_and_never_overlap() {
    Document document = read("# A\n\ntext\n\n- b\n- c\n\n> d\n\n    e\n");
    int end = 0;
    for (Block block : document.blocks()) {
      assertThat(block.start()).isGreaterThanOrEqualTo(end);
      assertThat(block.end()).isGreaterThan(block.start());
      end = block.end();
    }
    assertThat(end).isEqualTo(document.text().length());
  }

  @Test
  void a_long_cell_of_a_table_is_prose() {
    String cell =
        "The keeper of the lighthouse fills the lamp at dusk. He trims the wick at midnight.";
    Document document =
        read("| role | duty |\n|---|---|\n| keeper | " + cell + " |\n| boy | rows |\n");
    assertThat(blocks(document, Block.Kind.TABLE))
        .containsExactly("role | duty", "keeper", "boy | rows");
    assertThat(blocks(document, Block.Kind.PARAGRAPH)).containsExactly(cell);
  }

  @Test
  void front_matter_gives_the_title_and_is_no_text() {
    Document document =
        read("---\nlayout: post\ntitle: \"A: fine day\"\ntags: [a]\n---\n# Other\n\nText.");
    assertThat(document.title()).isEqualTo("A: fine day");
    assertThat(document.text()).isEqualTo("Other\n\nText.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "---\nlayout: post\n---\n\n# Real title\n\nText.",
        "Before.\n\n# Real title\n\n# Another\n"
      })
  void without_a_declared_title_the_first_top_heading_is_it(String raw) {
    assertThat(read(raw).title()).isEqualTo("Real title");
  }

  @Test
  void a_document_without_top_heading_has_no_title() {
    assertThat(read("## Only a section\n\nText.").title()).isNull();
  }

  @Test
  void a_ruler_at_the_start_is_no_front_matter() {
    assertThat(read("---\nJust text.\n\n---\n\nMore text.").text())
        .contains("Just text.")
        .contains("More text.");
  }

  @Test
  void footnote_marks_are_dropped() {
    assertThat(read("It is so.[^1] Or not.[^long-name]").text()).isEqualTo("It is so. Or not.");
  }

  @Test
  void entities_are_decoded_and_cannot_smuggle_in_what_cleaning_removes() {
    assertThat(read("Fish &amp; chips&nbsp;now&#x202E;&#8203;&shy;!").text())
        .isEqualTo("Fish & chips now!");
  }
}
