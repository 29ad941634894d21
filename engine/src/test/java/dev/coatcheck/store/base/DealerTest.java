package dev.coatcheck.store.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DealerTest {

  private static final long MANY = 1_000_000;

  @Test
  void shares_follow_the_weights_whatever_is_dealt_at_once() {
    for (long seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<String, Double> weights = new HashMap<>();
      for (int lane = 0; lane < 8; lane++) {
        weights.put("l" + lane, Math.max(0.05, random.nextDouble() * 5));
      }
      double all = weights.values().stream().mapToDouble(Double::doubleValue).sum();
      Dealer dealer = new Dealer(new Weights(weights));
      weights.keySet().forEach(dealer::enter);
      Map<String, Integer> got = new HashMap<>();
      int dealt = 0;
      while (dealt < 20_000) {
        int places = 1 + random.nextInt(40);
        dealer.deal(places, lane -> MANY).forEach((lane, n) -> got.merge(lane, n, Integer::sum));
        dealt += places;
      }
      int total = dealt;
      String where = "seed " + seed;
      weights.forEach((lane, weight) ->
          assertThat(got.getOrDefault(lane, 0) / (double) total)
              .as("%s %s", where, lane)
              .isCloseTo(weight / all, within(0.1 * weight / all)));
    }
  }

  @Test
  void whose_turn_it_is_stays_from_one_deal_to_the_next() {
    Dealer dealer = new Dealer(Weights.EVEN);
    for (String lane : new String[] {"a", "b", "c"}) {
      dealer.enter(lane);
    }
    assertThat(dealer.deal(2, lane -> MANY)).containsOnlyKeys("a", "b");
    assertThat(dealer.deal(2, lane -> MANY)).containsOnlyKeys("c", "a");
    dealer.leave("b");
    dealer.enter("b");
    assertThat(dealer.deal(2, lane -> MANY)).containsOnlyKeys("c", "a");
    assertThat(dealer.deal(1, lane -> MANY)).containsOnlyKeys("b");
  }

  @Test
  void no_lane_gets_more_than_it_can_take_and_no_place_is_lost() {
    for (long seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Dealer dealer = new Dealer(Weights.parse("l1=0.01,l2=100"));
      Map<String, Long> most = new HashMap<>();
      for (int lane = 0; lane < 6; lane++) {
        most.put("l" + lane, (long) random.nextInt(5));
        dealer.enter("l" + lane);
      }
      int places = random.nextInt(30);
      Map<String, Integer> dealt = dealer.deal(places, most::get);
      long can = most.values().stream().mapToLong(Long::longValue).sum();
      assertThat(dealt.values().stream().mapToLong(Integer::longValue).sum())
          .isEqualTo(Math.min(places, can));
      dealt.forEach((lane, n) -> assertThat(n.longValue()).isLessThanOrEqualTo(most.get(lane)));
    }
  }

  @Test
  void weights_are_read() {
    Weights weights = Weights.parse("acme=3, free=0.5,a=b=2");
    assertThat(weights.of("acme")).isEqualTo(3);
    assertThat(weights.of("free")).isEqualTo(0.5);
    assertThat(weights.of("a=b")).isEqualTo(2);
    assertThat(weights.of("other")).isEqualTo(1);
    assertThat(Weights.parse("")).isEqualTo(Weights.EVEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme",
        "=1",
        "acme=",
        "acme=0",
        "acme=101",
        "acme=-1",
        "acme=x",
        "a=1,a=2",
        "a=1,"
      })
  void wrong_weights_are_refused_with_the_entry(String text) {
    assertThatThrownBy(() -> Weights.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lane=weight");
  }
}
