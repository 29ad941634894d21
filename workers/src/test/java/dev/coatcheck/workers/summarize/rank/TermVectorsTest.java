package dev.coatcheck.workers.summarize.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coatcheck.workers.summarize.language.Term;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TermVectorsTest {

  @Test
  void the_cosine_of_two_sentences_is_as_computed_by_hand() {
    // b is in two of three sentences: weight √ln 2.5; a and c in one: √ln 4. So ln 2.5 / (ln 2.5 +
    // ln 4).
    double[] cosines = TermVectors.of(SparseTerms.of("a b", "b c", "d")).similaritiesTo(0);
    assertThat(cosines[0]).isCloseTo(1, within(1e-12));
    assertThat(cosines[1])
        .isCloseTo(0.916290731874155 / (0.916290731874155 + 1.386294361119891), within(1e-12));
    assertThat(cosines[2]).isZero();
  }

  @Test
  void cosines_agree_with_the_dense_reference() {
    for (long seed = 0; seed < 30; seed++) {
      List<List<Term>> sentences = SparseTerms.random(new SplittableRandom(seed), 25, 30);
      TermVectors vectors = TermVectors.of(sentences);
      double[][] expected = DenseReference.cosines(sentences);
      for (int i = 0; i < sentences.size(); i++) {
        assertThat(vectors.similaritiesTo(i))
            .as("seed %d, sentence %d", seed, i)
            .containsExactly(expected[i], within(1e-12));
      }
    }
  }

  @Test
  void a_product_with_the_similarity_matrix_agrees_with_the_dense_one() {
    List<List<Term>> sentences = SparseTerms.random(new SplittableRandom(7), 40, 25);
    double[][] cosines = DenseReference.cosines(sentences);
    double[] shares = new SplittableRandom(8).doubles(40).toArray();
    double[] products = TermVectors.of(sentences).weightedSimilarities(shares);
    for (int i = 0; i < 40; i++) {
      double expected = 0;
      for (int j = 0; j < 40; j++) {
        expected += i == j ? 0 : cosines[i][j] * shares[j];
      }
      assertThat(products[i]).isCloseTo(expected, within(1e-9));
    }
  }

  @Test
  void a_sentence_like_no_other_has_exactly_no_similarity() {
    double[] sums =
        TermVectors.of(SparseTerms.of("a b c", "d e", "", "d f"))
            .weightedSimilarities(new double[] {0.1, 0.2, 0.3, 0.4});
    assertThat(sums[0]).isZero();
    assertThat(sums[2]).isZero();
    assertThat(sums[1]).isPositive();
  }

  @Test
  void a_title_is_compared_by_the_terms_that_occur() {
    TermVectors vectors = TermVectors.of(SparseTerms.of("a b", "c d"));
    assertThat(vectors.similaritiesTo(SparseTerms.terms("a b unknown")))
        .containsExactly(new double[] {1, 0}, within(1e-12));
    assertThat(vectors.similaritiesTo(List.<Term>of())).containsExactly(0, 0);
  }
}
