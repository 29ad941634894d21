package dev.coatcheck.store.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes so many ready jobs of each of some lanes. In a lane it begins where the last look ended if
 * that is better, then at the head for what is wanting.
 */
final class Look {

  /** Jobs of one lane by one statement, at most. */
  private static final int MOST = 512;

  /** A look that takes longer is looked into. */
  private static final Duration SLOW = Duration.ofMillis(5);

  private final Turn turn;
  private final String worker;
  private final Map<String, Integer> wanting;
  private final List<Claimed> found = new ArrayList<>();
  private final List<String> dry = new ArrayList<>();

  Look(Turn turn, String worker, Map<String, Integer> dealt) throws SQLException {
    this.turn = turn;
    this.worker = worker;
    wanting = new LinkedHashMap<>(dealt);
    // Few sizes, so that few statements are prepared.
    for (int size = MOST; size > 0; size /= 2) {
      for (List<String> lanes = fit(size); !lanes.isEmpty(); lanes = fit(size)) {
        look(lanes, size);
      }
    }
  }

  List<Claimed> found() {
    return found;
  }

  /** Lanes that had fewer. */
  List<String> dry() {
    return dry;
  }

  private List<String> fit(int size) {
    return wanting.entrySet().stream()
        .filter(lane -> lane.getValue() >= size)
        .map(Map.Entry::getKey)
        .toList();
  }

  private void look(List<String> lanes, int size) throws SQLException {
    LowWater lowWater = turn.fixed().lowWater();
    long now = System.nanoTime();
    Map<String, LowWater.Place> from = new LinkedHashMap<>();
    lanes.forEach(lane -> from.put(lane, lowWater.begin(worker, lane, now)));
    boolean atHeads = from.values().stream().allMatch(LowWater.Place.HEAD::equals);
    Map<String, List<Claimed>> got = atHeads ? fromHeads(from, size) : take(from, size);
    for (String lane : lanes) {
      List<Claimed> of = new ArrayList<>(got.getOrDefault(lane, List.of()));
      if (!LowWater.Place.HEAD.equals(from.get(lane))) {
        moveOn(lane, of);
        if (of.size() < size) {
          int rest = Integer.highestOneBit(size - of.size());
          of.addAll(
              fromHeads(Map.of(lane, LowWater.Place.HEAD), rest).getOrDefault(lane, List.of()));
        }
      }
      taken(lane, of, size);
    }
  }

  private void moveOn(String lane, List<Claimed> of) {
    if (!of.isEmpty()) {
      LowWater.Place last = place(of);
      // Not before it is durable: else the jobs are back, and would be passed by.
      turn.after(() -> turn.fixed().lowWater().advance(worker, lane, last));
    }
  }

  private void taken(String lane, List<Claimed> of, int size) {
    found.addAll(of);
    if (of.size() < size) {
      dry.add(lane);
      wanting.remove(lane);
    } else {
      wanting.merge(lane, -size, Integer::sum);
    }
  }

  private Map<String, List<Claimed>> fromHeads(Map<String, LowWater.Place> heads, int size)
      throws SQLException {
    long start = System.nanoTime();
    Map<String, List<Claimed>> got = take(heads, size);
    long end = System.nanoTime();
    int count = got.values().stream().mapToInt(List::size).sum();
    boolean slow =
        end - start > SLOW.toNanos() && turn.bind(Sql.PASSED).count() - count > LowWater.MANY;
    LowWater lowWater = turn.fixed().lowWater();
    turn.after(() -> {
      for (String lane : heads.keySet()) {
        List<Claimed> of = got.get(lane);
        if (!slow) {
          lowWater.quick(worker, lane);
        } else if (of != null) {
          lowWater.slow(worker, lane, place(of), end, end - start);
        }
      }
    });
    return got;
  }

  private static LowWater.Place place(List<Claimed> of) {
    return LowWater.Place.of(of.getLast().priority(), of.getLast().id());
  }

  private Map<String, List<Claimed>> take(Map<String, LowWater.Place> from, int size)
      throws SQLException {
    List<LowWater.Place> places = List.copyOf(from.values());
    List<Claimed> rows =
        turn.bind(Sql.CLAIM, size)
            .text(worker)
            .time(turn.now())
            .array("text", from.keySet().toArray())
            .array("smallint", places.stream().map(LowWater.Place::rank).toArray())
            .array("uuid", places.stream().map(LowWater.Place::id).toArray())
            .list(Claimed::of);
    Map<String, List<Claimed>> byLane = new HashMap<>();
    rows.forEach(one -> byLane.computeIfAbsent(one.lane(), lane -> new ArrayList<>()).add(one));
    return byLane;
  }
}
