package dev.coatcheck.workers.summarize.rank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarginalRelevanceTest {

  private static final TermVectors NEAR_DUPLICATES =
      TermVectors.of(SparseTerms.of("a b c d", "a b c d e", "f g h", "i j k"));

  private static List<Integer> choose(double[] relevance, int[] words, Budget budget) {
    return MarginalRelevance.choose(NEAR_DUPLICATES, relevance, words, budget, fraction -> {});
  }

  private static List<Integer> choose(double[] relevance, int count) {
    return choose(relevance, new int[] {10, 10, 10, 10}, new Budget(count, Integer.MAX_VALUE));
  }

  @Test
  void a_near_duplicate_gives_way_to_something_new() {
    double[] relevance = {0.30, 0.29, 0.21, 0.20};
    assertThat(choose(relevance, 1)).containsExactly(0);
    assertThat(choose(relevance, 3)).containsExactly(0, 2, 3);
  }

  @Test
  void a_near_duplicate_is_still_better_than_nothing() {
    assertThat(choose(new double[] {0.30, 0.29, 0.21, 0.20}, 9))
        .containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void the_best_comes_first_and_of_equals_the_earlier() {
    assertThat(choose(new double[] {0.1, 0.2, 0.4, 0.3}, 1)).containsExactly(2);
    assertThat(choose(new double[] {0.25, 0.25, 0.25, 0.25}, 1)).containsExactly(0);
  }

  @Test
  void words_together_stay_within_the_budget() {
    double[] relevance = {0.4, 0.1, 0.3, 0.2};
    int[] words = {10, 3, 9, 5};
    assertThat(choose(relevance, words, new Budget(4, 16))).containsExactly(0, 3);
    assertThat(choose(relevance, words, new Budget(4, 9))).containsExactly(2);
  }

  @Test
  void the_shortest_is_given_if_none_fits() {
    assertThat(choose(new double[] {0.4, 0.1, 0.3, 0.2}, new int[] {10, 3, 9, 5}, new Budget(4, 2)))
        .containsExactly(1);
  }

  @Test
  void between_equals_the_more_distant_is_taken() {
    TermVectors unrelated = TermVectors.of(SparseTerms.of("a", "b", "c", "d"));
    List<Integer> chosen =
        MarginalRelevance.choose(
            unrelated,
            new double[] {0.4, 0.3, 0.3, 0.3},
            new int[] {1, 1, 1, 1},
            new Budget(2, 9),
            fraction -> {});
    assertThat(chosen).containsExactly(0, 2);
  }
}
