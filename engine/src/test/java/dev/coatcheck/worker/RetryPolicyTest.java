package dev.coatcheck.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private final RetryPolicy policy =
      new RetryPolicy(Duration.ofSeconds(1), 2, Duration.ofSeconds(10), true);

  @Test
  void the_bound_doubles_up_to_the_cap() {
    assertThat(policy.bound(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.bound(2)).isEqualTo(Duration.ofSeconds(2));
    assertThat(policy.bound(4)).isEqualTo(Duration.ofSeconds(8));
    assertThat(policy.bound(5)).isEqualTo(Duration.ofSeconds(10));
    assertThat(policy.bound(5000)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void waits_are_spread_evenly_from_zero_to_the_bound() {
    Random random = new Random(7);
    int[] tenths = new int[10];
    for (int i = 0; i < 10_000; i++) {
      long wait = policy.wait(4, random).toMillis();
      assertThat(wait).isBetween(0L, 8_000L);
      tenths[(int) Math.min(9, wait / 800)]++;
    }
    for (int count : tenths) {
      assertThat(count).isBetween(850, 1150);
    }
  }

  @Test
  void a_base_of_zero_waits_for_nothing() {
    RetryPolicy atOnce = new RetryPolicy(Duration.ZERO, 1, Duration.ZERO, true);
    assertThat(atOnce.wait(3, new Random(1))).isEqualTo(Duration.ZERO);
  }
}
