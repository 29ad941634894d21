package dev.coatcheck.store.base;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The lanes of one worker: how many jobs of each are ready and how many run, and whose turn it is.
 * Not safe for use by several threads.
 */
public final class Lanes {

  private static final class Count {
    long ready;
    long running;
  }

  private final Map<String, Count> counts = new HashMap<>();
  private final Dealer dealer;

  public Lanes(Weights weights) {
    dealer = new Dealer(weights);
  }

  /** So many more jobs of the lane are ready, or fewer. */
  public void ready(String lane, long by) {
    Count count = count(lane);
    boolean before = count.ready > 0;
    count.ready += by;
    if (count.ready > 0 && !before) {
      dealer.enter(lane);
    } else if (count.ready <= 0) {
      dealer.leave(lane);
    }
    forgetIfEmpty(lane, count);
  }

  /** So many more jobs of the lane run, or fewer. */
  public void running(String lane, long by) {
    Count count = count(lane);
    count.running += by;
    forgetIfEmpty(lane, count);
  }

  public long ready(String lane) {
    Count count = counts.get(lane);
    return count == null ? 0 : count.ready;
  }

  public long running(String lane) {
    Count count = counts.get(lane);
    return count == null ? 0 : count.running;
  }

  /**
   * Deals places to the lanes that have ready jobs.
   *
   * @param cap jobs of one lane that may run at once
   * @param without lanes to pass by
   */
  public Map<String, Integer> deal(int places, long cap, Set<String> without) {
    return dealer.deal(
        places,
        lane -> {
          Count count = Objects.requireNonNull(counts.get(lane));
          return without.contains(lane) ? 0 : Math.min(count.ready, cap - count.running);
        });
  }

  private Count count(String lane) {
    Count known = counts.get(lane);
    if (known != null) {
      return known;
    }
    Count fresh = new Count();
    counts.put(lane, fresh);
    return fresh;
  }

  private void forgetIfEmpty(String lane, Count count) {
    if (count.ready == 0 && count.running == 0) {
      counts.remove(lane);
    }
  }
}
