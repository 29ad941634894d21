package dev.coatcheck.workers.summarize.language;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningsTest {

  private final Openings english = new Openings(Language.ENGLISH);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "This is so.",
        "However, it rained.",
        "He left.",
        "In that case it ends.",
        "For this reason we stop.",
        "It’s late.",
        "And so on it went.",
        "On the other hand, nobody came."
      })
  void a_sentence_that_leans_on_the_one_before_is_seen(String sentence) {
    assertThat(english.leansBack(sentence)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A ticket is a promise.",
        "Thistles grow here.",
        "In London it rained.",
        "Italy won.",
        "",
        "…"
      })
  void a_sentence_that_stands_alone_is_not_accused(String sentence) {
    assertThat(english.leansBack(sentence)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          However, the coat was gone.           | The coat was gone.
          But the coat was gone.                | The coat was gone.
          And, in fact, the coat was gone.      | The coat was gone.
          In other words, élan counts.          | Élan counts.
          However hard he looked, it was gone.  | However hard he looked, it was gone.
          Orange coats were gone.               | Orange coats were gone.
          So                                    | So
          """)
  void opening_words_that_only_connect_are_dropped(String sentence, String expected) {
    assertThat(english.withoutMarker(sentence)).isEqualTo(expected);
  }

  @Test
  void words_that_point_back_are_seen_anywhere() {
    assertThat(english.pointsBack("All of it follows from this one fact.")).isTrue();
    assertThat(english.pointsBack("A thistle is not these-like.")).isFalse();
  }

  @Test
  void other_languages_have_their_own_words() {
    assertThat(new Openings(Language.GERMAN).withoutMarker("Allerdings, der Mantel war weg."))
        .isEqualTo("Der Mantel war weg.");
    assertThat(new Openings(Language.FRENCH).leansBack("C’est ainsi.")).isTrue();
    assertThat(new Openings(Language.SPANISH).leansBack("Sin embargo, llovió.")).isTrue();
    assertThat(new Openings(Language.OTHER).leansBack("This is so.")).isFalse();
  }
}
