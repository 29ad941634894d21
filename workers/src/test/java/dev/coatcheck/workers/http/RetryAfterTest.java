package dev.coatcheck.workers.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-25T07:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7 | 7",
        "0 | 1",
        "3600 | 3600",
        "3601 | 3600",
        "1000000000000 | 3600",
        "99999999999999999999999999 | 3600",
        "Wed, 25 Nov 2026 07:00:30 GMT | 30",
        "Wed, 25 Nov 2026 06:00:00 GMT | 1",
        "Fri, 25 Dec 2026 07:00:00 GMT | 3600"
      })
  void seconds_and_dates_are_held_between_a_second_and_an_hour(String text, int seconds) {
    assertThat(RetryAfter.parse(text, NOW)).hasValue(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "soon", "Wed, 31 Nov 2026", "1e3"})
  void anything_else_says_nothing(String text) {
    assertThat(RetryAfter.parse(text, NOW)).isEmpty();
  }

  @Test
  void a_cut_text_is_as_long_as_json_as_it_may_be() {
    assertThat(JsonText.cut("abc", 5)).isEqualTo("abc");
    assertThat(JsonText.cut("abc", 4)).isEqualTo("ab");
    assertThat(JsonText.cut("a\"b", 5)).isEqualTo("a\"");
    assertThat(JsonText.cut("€€", 7)).isEqualTo("€");
    assertThat(JsonText.cut("👋👋", 9)).isEqualTo("👋");
    assertThat(JsonText.cut("\u0001\u0001", 13)).isEqualTo("\u0001");
    assertThat(JsonText.cut("abc", 0)).isEmpty();
  }
}
