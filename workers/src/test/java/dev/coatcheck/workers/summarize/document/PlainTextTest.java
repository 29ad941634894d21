package dev.coatcheck.workers.summarize.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlainTextTest {

  private static Document read(String raw) {
    return TextReader.read(raw, Format.TEXT, fraction -> {});
  }

  private static List<String> blocks(Document document, Block.Kind kind) {
    return document.blocks().stream()
        .filter(block -> block.kind() == kind)
        .map(document::textOf)
        .toList();
  }

  @Test
  void lines_wrapped_by_hand_become_one_line() {
    Document document =
        read(
            "This paragraph was wrapped by\r\nhand, as in the\t old days\nof  mail.\n\n\nAnd this one\u00a0follows.");
    assertThat(document.text())
        .isEqualTo(
            "This paragraph was wrapped by hand, as in the old days of mail.\n\nAnd this one follows.");
    assertThat(document.blocks())
        .extracting(Block::kind)
        .containsOnly(Block.Kind.PARAGRAPH)
        .hasSize(2);
  }

  @Test
  void a_word_divided_at_its_hyphen_is_closed_up() {
    assertThat(read("It was a well-\nknown fact in 1990-\n1995.").text())
        .isEqualTo("It was a well-known fact in 1990- 1995.");
  }

  @Test
  void a_short_line_with_text_below_is_a_heading_and_the_first_one_the_title() {
    Document document =
        read("The Long Walk\n\nIt began in May.\n\nSecond Part\n\nIt went on in June.");
    assertThat(document.title()).isEqualTo("The Long Walk");
    assertThat(blocks(document, Block.Kind.HEADING))
        .containsExactly("The Long Walk", "Second Part");
  }

  @Test
  void a_first_sentence_is_no_title() {
    Document document = read("It began in May.\n\nIt went on in June.");
    assertThat(document.title()).isNull();
    assertThat(blocks(document, Block.Kind.HEADING)).isEmpty();
  }

  @Test
  void a_series_of_short_lines_is_no_series_of_headings() {
    Document document = read("Shopping\n\nbread and milk\n\na pound of apples\n\ntea");
    assertThat(blocks(document, Block.Kind.HEADING)).containsExactly("Shopping");
    assertThat(blocks(document, Block.Kind.PARAGRAPH))
        .containsExactly("bread and milk", "a pound of apples", "tea");
  }

  @Test
  void bullets_and_numbers_start_list_items_and_are_dropped() {
    Document document =
        read("- first thing that\n  goes on here\n- second thing\n\n1. one\n2) two\n12. twelve");
    assertThat(blocks(document, Block.Kind.LIST_ITEM))
        .containsExactly("first thing that goes on here", "second thing", "one", "two", "twelve");
    assertThat(document.text()).contains("goes on here\nsecond thing");
  }

  @Test
  void a_dash_inside_a_paragraph_starts_no_list() {
    assertThat(blocks(read("He said – and meant it\n- that he would go."), Block.Kind.PARAGRAPH))
        .hasSize(1);
  }

  @Test
  void short_lines_stay_apart() {
    assertThat(blocks(read("Home\nProducts\nContact us\nImprint"), Block.Kind.PARAGRAPH))
        .containsExactly("Home", "Products", "Contact us", "Imprint");
  }

  @Test
  void a_ruler_separates_paragraphs_and_vanishes() {
    assertThat(read("One ends.\n-----\nTwo begins.").text()).isEqualTo("One ends.\n\nTwo begins.");
  }

  @Test
  void text_beyond_the_limit_is_left_out_and_the_document_says_so() {
    Document exact = read("a".repeat(Document.CHARACTERS_MAX));
    Document longer = read("a".repeat(Document.CHARACTERS_MAX + 1));
    assertThat(exact.truncated()).isFalse();
    assertThat(longer.truncated()).isTrue();
    assertThat(longer.text()).hasSize(Document.CHARACTERS_MAX);
  }

  @Test
  void empty_text_is_an_empty_document() {
    assertThat(read(" \n\t\n\u0000\n").blocks()).isEmpty();
  }
}
