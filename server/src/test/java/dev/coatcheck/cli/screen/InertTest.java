package dev.coatcheck.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class InertTest {

  @Test
  void plain_text_of_any_script_stays_as_it_is() {
    String text = "Grüße, 世界! naïve café — “quotes” 👍";
    assertThat(Inert.line(text)).isEqualTo(text);
    assertThat(Inert.block(text)).isEqualTo(text);
  }

  @Test
  void what_a_terminal_would_obey_is_written_out() {
    assertThat(Inert.line("\u001b[2J\u0007\u009b31m")).isEqualTo("\\u001b[2J\\u0007\\u009b31m");
  }

  @Test
  void what_would_turn_the_order_of_letters_is_written_out() {
    assertThat(Inert.line("evil\u202etxt.exe")).isEqualTo("evil\\u202etxt.exe");
  }

  @Test
  void half_of_a_pair_is_written_out() {
    assertThat(Inert.line("a\ud800b")).isEqualTo("a\\ud800b");
  }

  @Test
  void a_line_has_no_line_breaks_and_a_block_keeps_them() {
    assertThat(Inert.line("a\r\nb\tc")).isEqualTo("a  b c");
    assertThat(Inert.block("a\r\nb\tc")).isEqualTo("a\nb\tc");
    assertThat(Inert.block("real\rfake")).isEqualTo("real\\u000dfake");
  }

  @Test
  void a_line_that_is_too_long_is_cut_to_its_columns() {
    assertThat(Inert.line("abcdefgh", 5)).isEqualTo("abcd…");
    assertThat(Widths.of(Inert.line("世界世界世界", 5))).isLessThanOrEqualTo(5);
    assertThat(Inert.line("x".repeat(10_000_000), 5)).isEqualTo("xxxx…");
  }

  @Test
  void no_control_character_ever_passes() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      random.ints(20, 0, 0x2100).forEach(c -> text.append((char) c));
      assertThat(Inert.line(text.toString()).chars())
          .noneMatch(c -> Character.isISOControl(c) || (c >= 0x202a && c <= 0x202e));
    }
  }
}
