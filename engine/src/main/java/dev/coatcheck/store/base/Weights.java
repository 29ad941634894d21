package dev.coatcheck.store.base;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How much each lane gets of a worker while several have ready jobs. A lane that is not named
 * weighs 1.
 *
 * @param byLane from {@link #LEAST} to {@link #MOST}
 */
public record Weights(Map<String, Double> byLane) {

  public static final double LEAST = 0.01;
  public static final double MOST = 100;

  /** The same for every lane. */
  public static final Weights EVEN = new Weights(Map.of());

  public Weights {
    byLane = Map.copyOf(byLane);
    byLane.forEach((lane, weight) -> {
      if (lane.isEmpty() || !(weight >= LEAST && weight <= MOST)) {
        throw new IllegalArgumentException("weight of '" + lane + "' must be 0.01 to 100");
      }
    });
  }

  /**
   * Reads {@code acme=3,free=0.5}; an empty text is {@link #EVEN}.
   *
   * @throws IllegalArgumentException that tells which entry is wrong
   */
  public static Weights parse(String text) {
    Map<String, Double> weights = new TreeMap<>();
    for (String entry : text.isBlank() ? new String[0] : text.split(",", -1)) {
      int equals = entry.lastIndexOf('=');
      String lane = equals < 0 ? "" : entry.substring(0, equals).strip();
      if (lane.isEmpty() || weights.put(lane, weight(entry, equals)) != null) {
        throw malformed(entry);
      }
    }
    return new Weights(weights);
  }

  private static double weight(String entry, int equals) {
    String number = entry.substring(equals + 1).strip();
    if (!number.matches("\\d{1,3}(\\.\\d{1,6})?")) {
      throw malformed(entry);
    }
    double weight = Double.parseDouble(number);
    if (weight < LEAST || weight > MOST) {
      throw malformed(entry);
    }
    return weight;
  }

  private static IllegalArgumentException malformed(String entry) {
    return new IllegalArgumentException(
        "must be lane=weight with commas between, each lane once, weights 0.01 to 100, not '"
            + entry.strip()
            + "'");
  }

  public double of(String lane) {
    return byLane.isEmpty() ? 1 : byLane.getOrDefault(lane, 1.0);
  }

  /** How many jobs of another lane start before the job with so many before it in its own. */
  private long before(String lane, long own, String other) {
    return (long) Math.ceil((own + 1) * of(other) / of(lane));
  }

  /**
   * How many ready jobs start before one, at most, as far as is known: those before it in its own
   * lane, and of each other lane as many as it may start in so many turns.
   *
   * @param own before it in its lane
   * @param ready jobs of each lane
   * @return empty if there are more than {@code max}
   */
  public OptionalInt ahead(String lane, long own, Map<String, Long> ready, int max) {
    long ahead = own;
    for (Map.Entry<String, Long> other : ready.entrySet()) {
      if (!other.getKey().equals(lane)) {
        ahead += Math.min(other.getValue(), before(lane, own, other.getKey()));
      }
      if (ahead > max) {
        return OptionalInt.empty();
      }
    }
    return ahead > max ? OptionalInt.empty() : OptionalInt.of((int) ahead);
  }
}
