package dev.coatcheck.workers.summarize.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class CleanTextTest {

  @Test
  void every_kind_of_line_end_becomes_a_line_feed() {
    assertThat(CleanText.of("a\r\nb\rc\u0085d\u2028e\ff\u000Bg\u2029h"))
        .isEqualTo("a\nb\nc\nd\ne\nf\ng\n\nh");
  }

  @Test
  void invisible_characters_are_removed() {
    assertThat(CleanText.of("\uFEFFin\u00ADvi\u200Bsi\u0000ble\u202E\u2060\uDB40\uDC41"))
        .isEqualTo("invisible");
  }

  @Test
  void joiners_and_visible_arabic_signs_stay() {
    String family = "\uD83D\uDC68\u200D\uD83D\uDC67";
    String persian = "می\u200Cخواهم";
    String arabicNumberSign = "\u0600";
    assertThat(CleanText.of(family + persian + arabicNumberSign))
        .isEqualTo(family + persian + arabicNumberSign);
  }

  @Test
  void unpaired_surrogates_become_replacement_characters() {
    assertThat(CleanText.of("a\uD800b\uDC00\uD83D\uDE00")).isEqualTo("a\uFFFDb\uFFFD\uD83D\uDE00");
  }

  @Test
  void letters_and_their_marks_are_composed() {
    assertThat(CleanText.of("Cafe\u0301")).isEqualTo("Café");
  }

  @Test
  void a_tab_becomes_a_space() {
    assertThat(CleanText.of("a\tb")).isEqualTo("a b");
  }

  @Test
  void plain_text_is_returned_as_it_is() {
    String plain = "Ein „schöner“ Tag … – ¿qué?";
    assertThat(CleanText.of(plain)).isSameAs(plain);
    assertThat(Normalizer.normalize(plain, Normalizer.Form.NFC)).isEqualTo(plain);
  }

  @Test
  void the_short_way_for_plain_text_gives_what_the_long_way_gives() {
    for (char character = 0; character < 0x3000; character++) {
      String text = "a" + character + character + "e";
      String theLongWay = CleanText.of(text + "\u0000");
      assertThat(CleanText.of(text)).as("U+%04X", (int) character).isEqualTo(theLongWay);
      assertThat(Normalizer.isNormalized(theLongWay, Normalizer.Form.NFC)).isTrue();
    }
  }

  @Test
  void millions_of_combining_marks_are_cut_to_thirty_before_they_are_normalized() {
    String hostile = "a" + "\u0316\u0301".repeat(1_000_000);
    String clean =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> CleanText.of(hostile));
    assertThat(clean.length()).isLessThanOrEqualTo(31);
  }
}
