package dev.coatcheck.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HistogramTest {

  @Test
  void quantiles_are_within_three_percent_of_the_truth() {
    Random random = new Random(3);
    for (double scale : new double[] {10, 1_000, 300_000, 86_400_000d}) {
      Histogram histogram = new Histogram();
      long[] values = random.doubles(20_000).mapToLong(d -> (long) (d * d * scale)).toArray();
      Arrays.stream(values).forEach(histogram::add);
      Arrays.sort(values);
      for (double share : new double[] {0.5, 0.95, 0.99}) {
        long truth = values[(int) Math.ceil(share * values.length) - 1];
        assertThat((double) histogram.quantile(share))
            .isCloseTo((double) truth, Offset.offset(1 + (double) truth * 0.03));
      }
    }
  }

  @Test
  void small_values_are_exact() {
    Histogram histogram = new Histogram();
    for (int i = 0; i < 64; i++) {
      histogram.add(i);
    }
    assertThat(histogram.quantile(0.5)).isEqualTo(31);
    assertThat(histogram.quantile(1)).isEqualTo(63);
    assertThat(histogram.mean()).isEqualTo(32);
  }

  @Test
  void an_empty_one_says_zero() {
    assertThat(new Histogram().quantile(0.5)).isZero();
    assertThat(new Histogram().mean()).isZero();
  }

  @Test
  void the_largest_value_has_a_bucket() {
    Histogram histogram = new Histogram();
    histogram.add(Long.MAX_VALUE);
    histogram.add(-5);
    assertThat(histogram.quantile(0.5)).isZero();
    assertThat(histogram.quantile(1)).isGreaterThan(Long.MAX_VALUE / 100 * 96);
  }

  @Test
  void a_sum_of_two_is_the_histogram_of_all() {
    Histogram small = new Histogram();
    small.add(5);
    Histogram large = new Histogram();
    large.add(1_000_000);
    small.addAll(large);
    assertThat(small.total()).isEqualTo(2);
    assertThat(small.quantile(0.5)).isEqualTo(5);
    assertThat(small.quantile(1)).isBetween(970_000L, 1_030_000L);
  }
}
