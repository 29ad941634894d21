package dev.coatcheck.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.screen.Table.Cell;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "-5, 0 ms",
    "999, 999 ms",
    "1000, 1 s",
    "2449, 2.4 s",
    "59949, 59.9 s",
    "59950, 1 min",
    "60000, 1 min",
    "200000, 3 min 20 s",
    "3599999, 1 h",
    "7500000, 2 h 5 min",
    "172800000, 2 d",
    "183600000, 2 d 3 h"
  })
  void a_duration_is_said_in_at_most_two_units(long millis, String said) {
    assertThat(Times.duration(millis)).isEqualTo(said);
  }

  @Test
  void an_instant_is_a_time_of_day_with_its_distance() {
    assertThat(Times.instant(NOW.minusSeconds(123), NOW, ZoneOffset.UTC))
        .isEqualTo("11:57:57 (2 min 3 s ago)");
    assertThat(Times.instant(NOW.plusSeconds(86_400), NOW, ZoneOffset.UTC))
        .isEqualTo("2026-11-26 12:00:00 (in 24 h)");
    assertThat(Times.distance(NOW.plusMillis(300), NOW)).isEqualTo("now");
  }

  @Test
  void text_is_broken_at_spaces_and_only_long_words_within() {
    assertThat(Wrap.lines("one two  three\nfour", 9)).containsExactly("one two", "three", "four");
    assertThat(Wrap.lines("abcdefghij k", 4)).containsExactly("abcd", "efgh", "ij k");
    assertThat(Wrap.lines("   ", 10)).isEmpty();
    assertThat(Wrap.lines("世界世界", 5)).containsExactly("世界", "世界");
    assertThat(Wrap.lines("世界", 1)).containsExactly("世", "界");
  }

  @Test
  void a_bar_is_as_wide_as_it_is_told_whatever_the_fraction() {
    for (double fraction : new double[] {-1, 0, 0.01, 0.33, 0.999, 1, 7, Double.NaN}) {
      assertThat(Bar.of(fraction, 20, Ink.PLAIN)).hasSize(20);
    }
    assertThat(Bar.of(0.5, 4, Ink.PLAIN)).isEqualTo("██──");
    assertThat(Bar.of(1, 4, Ink.PLAIN)).isEqualTo("████");
    for (int tick = 0; tick < 100; tick++) {
      assertThat(Bar.wandering(tick, 10, Ink.PLAIN)).hasSize(10).contains("████");
    }
  }

  @Test
  void colour_is_only_there_when_asked_for() {
    assertThat(Ink.PLAIN.red("x")).isEqualTo("x");
    assertThat(Ink.COLOUR.red("x")).isEqualTo("\u001b[31mx\u001b[0m");
    assertThat(Ink.COLOUR.red("")).isEmpty();
  }

  @Test
  void a_table_lines_up_its_columns_and_cuts_the_last() {
    List<String> lines =
        new Table(Ink.PLAIN, "A", "B", "C")
            .row(new Cell("1"), new Cell("long one"), new Cell("x".repeat(50)))
            .row(new Cell("22"), new Cell(""), new Cell("end"))
            .lines(30);
    assertThat(lines)
        .containsExactly("A   B         C", "1   long one  xxxxxxxxxxxxxxx…", "22            end");
  }
}
