package dev.coatcheck.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NamesTest {

  private static final String ALPHABET = "az09._-AZ/ \u00e9\n";

  @Test
  void the_rule_is_the_pattern() {
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      StringBuilder name = new StringBuilder();
      int length = random.nextInt(10) == 0 ? 60 + random.nextInt(6) : random.nextInt(5);
      int letters = random.nextBoolean() ? 7 : ALPHABET.length();
      for (int at = 0; at < length; at++) {
        name.append(ALPHABET.charAt(random.nextInt(letters)));
      }
      String text = name.toString();
      assertThat(Names.valid(text)).as(text).isEqualTo(Names.PATTERN.matcher(text).matches());
    }
  }
}
