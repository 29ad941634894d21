package dev.coatcheck.store.base;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Deals places to the lanes that have work, by deficit round robin (Shreedhar and Varghese, 1995):
 * a lane whose turn it is may start as many jobs as it weighs, and what is left of its weight it
 * keeps for its next turn. Whose turn it is stays from one deal to the next. Not safe for use by
 * several threads.
 */
public final class Dealer {

  private static final class Lane {
    final String name;
    final double weight;
    double deficit;

    /** Whether this turn's weight is in the deficit already. */
    boolean served;

    Lane(String name, double weight) {
      this.name = name;
      this.weight = weight;
    }

    void begin() {
      if (!served) {
        deficit += weight;
        served = true;
      }
    }
  }

  private final Weights weights;

  /** The first is the one whose turn it is. */
  private final LinkedHashMap<String, Lane> ring = new LinkedHashMap<>();

  public Dealer(Weights weights) {
    this.weights = weights;
  }

  /** The lane has work; it comes after all others. */
  public void enter(String lane) {
    ring.computeIfAbsent(lane, name -> new Lane(name, weights.of(name)));
  }

  /** The lane has no more work. */
  public void leave(String lane) {
    ring.remove(lane);
  }

  /** Lanes that have work. */
  public int size() {
    return ring.size();
  }

  public boolean has(String lane) {
    return ring.containsKey(lane);
  }

  /**
   * Deals places.
   *
   * @param most how many a lane can take; lanes that can take none are passed by
   * @return places of each lane that got some, in the order of their turns
   */
  public Map<String, Integer> deal(int places, ToLongFunction<String> most) {
    Map<String, Integer> dealt = new LinkedHashMap<>();
    int left = places;
    int idle = 0;
    while (left > 0 && idle < ring.size()) {
      Lane lane = ring.firstEntry().getValue();
      int before = dealt.getOrDefault(lane.name, 0);
      long can = Math.min(left, most.applyAsLong(lane.name) - before);
      if (can <= 0) {
        idle++;
        lane.deficit = 0;
        next(lane);
        continue;
      }
      idle = 0;
      lane.begin();
      // A lane alone takes all at once, whatever it weighs.
      int now = (int) (ring.size() == 1 ? can : Math.min(can, (long) lane.deficit));
      lane.deficit = Math.max(0, lane.deficit - now);
      left -= now;
      if (now > 0) {
        dealt.put(lane.name, before + now);
      }
      if (lane.deficit < 1 || left > 0) {
        next(lane);
      }
    }
    return dealt;
  }

  private void next(Lane lane) {
    lane.served = false;
    ring.remove(lane.name);
    ring.put(lane.name, lane);
  }
}
