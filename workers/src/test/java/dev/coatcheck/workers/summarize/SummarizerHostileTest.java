package dev.coatcheck.workers.summarize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.Format;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Texts made to break things. Each is done in a second or two; the limit leaves room for a loaded
 * machine.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SummarizerHostileTest {

  private static final int SENTENCE_LENGTH_MAX = 2_000;

  private static Summary summarize(String text) {
    return new Summarizer().summarize(text, SummaryOptions.defaults(), Progress.none());
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        argumentSet(
            "five megabytes without a sentence end", "word and other things ".repeat(230_000)),
        argumentSet("one word of a megabyte", "x".repeat(1_000_000)),
        argumentSet("one stop after each letter", "a. ".repeat(1_000_000)),
        argumentSet("nothing but abbreviations", "Dr. ".repeat(500_000)),
        argumentSet("a hundred thousand lines of one word", numbered("word", "\n")),
        argumentSet("a hundred thousand paragraphs of one word", numbered("word", "\n\n")),
        argumentSet(
            "zero width characters",
            "\u200B\uFEFF".repeat(1_000_000) + "A sentence after all of it."),
        argumentSet("lone surrogates", "\uD800 \uDC00 word ".repeat(300_000)),
        argumentSet("right to left", "مرحبا بالعالم كيف حالك اليوم. ".repeat(40_000)),
        argumentSet("bidirectional overrides", "\u202Eevil text goes here\u202C. ".repeat(40_000)),
        argumentSet("emoji", "\uD83D\uDE00 ".repeat(1_000_000)),
        argumentSet("one letter with a million marks", "a" + "\u0316\u0301".repeat(500_000)),
        argumentSet("the same sentence all over", "The cat sat on the mat again. ".repeat(100_000)),
        argumentSet(
            "nearly the same sentence all over", numbered("The same cat sat on mat number ", ". ")),
        argumentSet("open brackets after stops", "x.[.( ".repeat(500_000)));
  }

  private static String numbered(String text, String separator) {
    return IntStream.range(0, 100_000)
        .mapToObj(i -> text + i)
        .collect(Collectors.joining(separator));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void a_hostile_text_gets_an_ordinary_summary(String text) {
    Summary summary = summarize(text);
    assertThat(summary.sentences())
        .isNotEmpty()
        .allSatisfy(
            sentence -> assertThat(sentence.text().length()).isBetween(1, SENTENCE_LENGTH_MAX));
    assertThat(summary.truncated())
        .isEqualTo(text.length() > Document.CHARACTERS_MAX || summary.sentenceCount() == 50_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ">", "* ", "[", "![[()", "*a **b ", "`", "<a ", "[a](<b", "**x** ", "*_", "a**b", "- a\n  ",
        "| a |", "~~a~"
      })
  void deep_or_broken_markdown_neither_overflows_the_stack_nor_takes_long(String piece) {
    String text = "A sentence at the start is here.\n\n" + piece.repeat(200_000 / piece.length());
    SummaryOptions markdown = SummaryOptions.defaults().withFormat(Format.MARKDOWN);
    Summary summary = new Summarizer().summarize(text, markdown, Progress.none());
    assertThat(summary.summary()).contains("A sentence at the start is here.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "**", "_", "[", "> ", "- "})
  void markup_nested_fifty_thousand_deep_is_read_without_descending_into_it(String mark) {
    String closing = mark.equals("[") ? "](x)" : mark;
    String text = mark.repeat(50_000) + "The keeper wrote the log" + closing.repeat(50_000);
    SummaryOptions markdown = SummaryOptions.defaults().withFormat(Format.MARKDOWN);
    Summary summary = new Summarizer().summarize(text, markdown, Progress.none());
    assertThat(summary.sentences()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", ".", "\u200B", "\n", "\u00a0", "\uD83C"})
  void megabytes_of_nothing_are_refused(String nothing) {
    String text = nothing.repeat(3_000_000);
    if (nothing.equals("\uD83C")) {
      // Replacement characters are visible, so this is a text, if a poor one.
      assertThat(summarize(text).sentenceCount()).isPositive();
    } else {
      org.assertj.core.api.Assertions.assertThatExceptionOfType(UnsupportedInputException.class)
          .isThrownBy(() -> summarize(text));
    }
  }

  @Test
  void the_part_beyond_the_limit_is_neither_read_nor_counted() {
    String text = "The keeper wrote a log of ships. ".repeat(200_000);
    Summary summary = summarize(text);
    assertThat(summary.truncated()).isTrue();
    assertThat(summary.sentenceCount()).isEqualTo(50_000);
  }
}
