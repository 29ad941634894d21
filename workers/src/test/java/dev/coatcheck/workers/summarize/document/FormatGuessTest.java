package dev.coatcheck.workers.summarize.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatGuessTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# Heading\n\nText.",
        "Text with [a link](https://example.com).",
        "Text.\n\n```\ncode\n```\n",
        "---\ntitle: x\n---\nText.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "Some **bold** and `code`.",
        "Title\n=====\n\nSome **bold** text.",
        "See [this].\n\n[this]: https://example.com"
      })
  void marks_of_markdown_are_recognised(String text) {
    assertThat(FormatGuess.of(text)).isEqualTo(Format.MARKDOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Just text.",
        "- a list\n- in plain text",
        "> quoted mail\n\nAnswer.",
        "    An indented paragraph\nas in old books.",
        "We are #1 in 2 * 3 * 4 and snake_case_names.",
        "He wrote *one* word.",
        "An array[0](call) in prose.",
        "-----\nA ruler.\n-----"
      })
  void plain_text_is_left_alone(String text) {
    assertThat(FormatGuess.of(text)).isEqualTo(Format.TEXT);
  }
}
