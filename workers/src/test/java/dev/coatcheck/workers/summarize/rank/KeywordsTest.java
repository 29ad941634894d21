package dev.coatcheck.workers.summarize.rank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.workers.summarize.language.Language;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeywordsTest {

  private static List<Keyword> keywords(Language language, String... sentences) {
    return Keywords.of(
        Analysis.of(CandidatesTest.sentences(sentences), null, language, fraction -> {}),
        fraction -> {});
  }

  private static List<String> terms(Language language, String... sentences) {
    return keywords(language, sentences).stream().map(Keyword::term).toList();
  }

  @Test
  void words_that_stand_together_are_one_keyword() {
    assertThat(
            terms(
                Language.ENGLISH,
                "A rate limit protects the provider.",
                "When the rate limit is reached, the provider answers late.",
                "Every provider has a rate limit of some kind."))
        .contains("rate limit", "provider")
        .doesNotContain("rate", "limit");
  }

  @Test
  void forms_of_a_word_are_one_keyword_in_its_commonest_spelling() {
    assertThat(
            terms(
                Language.ENGLISH,
                "Tickets help.",
                "We like tickets and coats.",
                "A ticket and the tickets of Bob."))
        .contains("tickets")
        .doesNotContain("ticket", "Tickets", "ticket's");
  }

  @Test
  void names_keep_their_capitals_and_words_at_the_start_lose_theirs() {
    assertThat(
            terms(
                Language.ENGLISH,
                "Bread rose when Pasteur watched.",
                "Bread fell when Pasteur slept.",
                "The HTTP server of Pasteur's friend baked bread."))
        .contains("Pasteur", "bread")
        .doesNotContain("Bread", "Pasteur's");
  }

  @Test
  void articles_are_cut_off_french_words() {
    assertThat(
            terms(
                Language.FRENCH,
                "L'histoire commence ici.",
                "On lit l’histoire du pain.",
                "D'histoire en histoire."))
        .contains("histoire");
  }

  @Test
  void scores_fall_from_first_to_last_and_ten_is_the_limit() {
    String many =
        "alpha bravo, charlie; delta: echo. foxtrot, golf; hotel: india, juliett, kilo, lima, mike, november";
    List<Keyword> keywords = keywords(Language.ENGLISH, many, many + " alpha");
    assertThat(keywords).hasSize(10);
    assertThat(keywords)
        .extracting(Keyword::score)
        .isSortedAccordingTo((left, right) -> Double.compare(right, left));
    assertThat(keywords)
        .allSatisfy(keyword -> assertThat(keyword.score()).isBetween(Double.MIN_VALUE, 1.0));
  }

  @Test
  void numbers_and_stop_words_are_no_keywords() {
    assertThat(terms(Language.ENGLISH, "The 12 and the 345 of it were 12.", "So it was 12."))
        .isEmpty();
  }
}
