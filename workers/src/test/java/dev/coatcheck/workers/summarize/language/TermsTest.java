package dev.coatcheck.workers.summarize.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TermsTest {

  private static List<String> stems(Language language, String text) {
    try (Terms terms = new Terms(language)) {
      return terms.of(text).stream().map(Term::stem).toList();
    }
  }

  @Test
  void forms_of_a_word_share_a_stem() {
    assertThat(stems(Language.ENGLISH, "Tickets ticket ticket's")).containsOnly("ticket");
    assertThat(stems(Language.GERMAN, "Häuser Hauses")).hasSize(2).containsOnly("haus");
    assertThat(stems(Language.FRENCH, "l'histoire histoires")).hasSize(2).containsOnly("histoir");
    assertThat(stems(Language.SPANISH, "coches coche")).hasSize(2).containsOnly("coch");
  }

  @Test
  void stop_words_and_weak_words_are_left_out_in_either_spelling() {
    assertThat(
            stems(Language.ENGLISH, "It’s not that they don’t, can't or will also keep the lease"))
        .containsExactly("leas");
  }

  @Test
  void a_term_knows_where_it_stands() {
    String text = "The “old” lighthouse-keeper’s logs";
    try (Terms terms = new Terms(Language.ENGLISH)) {
      assertThat(terms.of(text))
          .map(term -> text.substring(term.start(), term.end()))
          .containsExactly("lighthouse", "keeper’s", "logs");
    }
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void every_language_finds_words_in_any_script(Language language) {
    assertThat(stems(language, "zzyzx Корабль")).hasSize(2);
    assertThat(stems(language, "")).isEmpty();
    assertThat(stems(language, "\uD83D\uDE00 !?")).hasSizeLessThanOrEqualTo(1);
  }
}
