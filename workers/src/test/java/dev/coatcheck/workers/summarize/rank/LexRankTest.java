package dev.coatcheck.workers.summarize.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coatcheck.workers.summarize.language.Term;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LexRankTest {

  private static double[] scores(List<List<Term>> sentences) {
    return LexRank.scores(TermVectors.of(sentences), fraction -> {});
  }

  @Test
  void three_sentences_score_as_computed_by_hand() {
    // The first two know only each other, so they score the same x; the third is left for anywhere:
    // y = 0.05 + 0.85 · y/3, hence y = 3/43 and x = (1 − y)/2 = 20/43.
    assertThat(scores(SparseTerms.of("a b", "b c", "d")))
        .containsExactly(new double[] {20 / 43.0, 20 / 43.0, 3 / 43.0}, within(1e-6));
  }

  @Test
  void the_sentence_in_the_middle_of_a_star_scores_highest() {
    // Leaves know only the centre: x = 0.05 + 0.85 · c/2 and c = 0.05 + 0.85 · 2x, hence c = 18/37
    // and x = 19/74.
    assertThat(scores(SparseTerms.of("a x", "a b", "b y")))
        .containsExactly(new double[] {19 / 74.0, 18 / 37.0, 19 / 74.0}, within(1e-5));
  }

  @Test
  void scores_agree_with_the_dense_reference() {
    for (long seed = 0; seed < 30; seed++) {
      List<List<Term>> sentences = SparseTerms.random(new SplittableRandom(seed), 30, 40);
      double[] expected =
          DenseReference.stationary(DenseReference.cosines(sentences), LexRank.DAMPING);
      assertThat(scores(sentences)).as("seed %d", seed).containsExactly(expected, within(1e-5));
    }
  }

  @Test
  void scores_add_up_to_one_and_repeat_to_the_last_bit() {
    List<List<Term>> sentences = SparseTerms.random(new SplittableRandom(3), 2_000, 900);
    double[] first = scores(sentences);
    assertThat(Arrays.stream(first).sum()).isCloseTo(1, within(1e-9));
    assertThat(scores(sentences)).containsExactly(first);
  }

  @Test
  void a_single_sentence_has_all_the_score() {
    assertThat(scores(SparseTerms.of("a"))).containsExactly(new double[] {1}, within(1e-12));
  }

  @Test
  void sentences_without_terms_share_alike() {
    assertThat(scores(SparseTerms.of("", "")))
        .containsExactly(new double[] {0.5, 0.5}, within(1e-12));
  }
}
