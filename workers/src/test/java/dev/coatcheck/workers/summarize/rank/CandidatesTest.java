package dev.coatcheck.workers.summarize.rank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.language.Language;
import dev.coatcheck.workers.summarize.language.Sentence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesTest {

  static List<Sentence> sentences(String... texts) {
    List<Sentence> sentences = new ArrayList<>();
    for (String text : texts) {
      int index = sentences.size();
      sentences.add(
          new Sentence(index, text, 0, text.length(), index, Block.Kind.PARAGRAPH, false));
    }
    return sentences;
  }

  private static List<String> candidates(String... texts) {
    return Candidates.of(sentences(texts), fraction -> {}).stream().map(Sentence::text).toList();
  }

  @Test
  void debris_is_left_out() {
    assertThat(
            candidates(
                "Home page.",
                "HOME PRODUCTS CONTACT ABOUT US",
                "12.4 33.1 9 0 | 44 12",
                "The keeper wrote the log every night."))
        .containsExactly("The keeper wrote the log every night.");
  }

  @Test
  void debris_is_better_than_nothing() {
    assertThat(candidates("Home page.", "Home page.", "ABOUT"))
        .containsExactly("Home page.", "ABOUT");
  }

  @Test
  void a_repeated_sentence_is_a_candidate_once() {
    assertThat(
            candidates(
                "The keeper wrote the log.",
                "It rained all day long.",
                "The Keeper wrote the log."))
        .containsExactly("The keeper wrote the log.", "It rained all day long.");
  }

  @Test
  void flaws_lower_the_quality_of_a_sentence() {
    Quality quality = new Quality(Language.ENGLISH);
    String plain = "The keeper of the lighthouse wrote every ship and every storm into the log.";
    double best = quality.of(CandidatesTest.sentences("", plain).getLast());
    assertThat(best).isEqualTo(1);
    for (String flawed :
        List.of(
            "This keeper of the lighthouse wrote every ship and every storm into the log.",
            "Did the keeper of the lighthouse write every ship and every storm into the log?",
            "The keeper of the lighthouse wrote every ship and every storm into the following:",
            "The keeper of the lighthouse wrote every ship and every storm into the log",
            "The keeper of the lighthouse (wrote every ship and every storm into the log.",
            "The keeper of the lighthouse says click here for every ship and every storm.",
            "The keeper of the lighthouse: {\"ship\": 1, \"storm\": 2} and so on into the log.",
            "The keeper wrote the log.",
            plain.replace(".", " and").repeat(4) + " slept.")) {
      assertThat(quality.of(CandidatesTest.sentences("", flawed).getLast()))
          .as(flawed)
          .isLessThan(0.9);
    }
  }

  @Test
  void a_good_place_raises_the_quality_of_a_sentence() {
    Quality quality = new Quality(Language.ENGLISH);
    String text = "The keeper of the lighthouse wrote every ship and every storm into the log.";
    Sentence inside = new Sentence(5, text, 0, 1, 2, Block.Kind.PARAGRAPH, false);
    Sentence opening = new Sentence(5, text, 0, 1, 2, Block.Kind.PARAGRAPH, true);
    Sentence first = new Sentence(0, text, 0, 1, 0, Block.Kind.PARAGRAPH, true);
    assertThat(quality.of(opening)).isGreaterThan(quality.of(inside));
    assertThat(quality.of(first)).isGreaterThan(quality.of(opening));
  }
}
