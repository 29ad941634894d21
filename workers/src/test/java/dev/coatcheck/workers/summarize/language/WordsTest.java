package dev.coatcheck.workers.summarize.language;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                              | 0
          '— … !'                         | 0
          'one'                           | 1
          'don’t well-known'              | 2
          'It costs 3.50 (about 4) euros' | 6
          '我来了 ok'                      | 4
          """)
  void words_are_counted_as_a_reader_would(String text, int expected) {
    assertThat(Words.count(text)).isEqualTo(expected);
  }
}
