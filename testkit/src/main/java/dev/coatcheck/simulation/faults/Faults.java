package dev.coatcheck.simulation.faults;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The faults of one world. Each seed enables a subset of the kinds, each at an intensity of its own
 * (swarm testing: Groce et al., "Swarm Testing", ISSTA 2012): a world with all of them at once
 * would never get far enough for some defects. None strikes while there is no storm.
 */
public final class Faults {

  private static final double FULL = 1;
  private static final double HALF = 0.4;
  private static final double LOW = 0.1;

  private final RandomGenerator dice;
  private final Map<Fault, Double> intensity = new EnumMap<>(Fault.class);
  private final Map<Fault, Long> injected = new EnumMap<>(Fault.class);
  private boolean storm;

  /**
   * The faults of a seed.
   *
   * @param without kinds that are left out, whatever the seed says
   */
  public Faults(long seed, Set<Fault> without) {
    SplittableRandom choice = new SplittableRandom(seed);
    dice = choice.split();
    boolean calm = choice.nextInt(16) == 0;
    for (Fault fault : Fault.values()) {
      boolean on = choice.nextBoolean();
      double[] levels = {FULL, HALF, LOW};
      double level = levels[choice.nextInt(levels.length)];
      if (on && !calm && !without.contains(fault)) {
        intensity.put(fault, level);
      }
    }
  }

  /** From now on faults strike, or none does. */
  public void storm(boolean on) {
    storm = on;
  }

  public boolean storming() {
    return storm;
  }

  /** The kinds that this world has. */
  public Set<Fault> kinds() {
    return intensity.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(intensity.keySet());
  }

  /** Whether a fault strikes at this occasion; one that does is counted. */
  public boolean strikes(Fault fault) {
    Double level = storm ? intensity.get(fault) : null;
    if (level == null || dice.nextDouble() >= level * fault.chance()) {
      return false;
    }
    count(fault);
    return true;
  }

  /** How strong the fault is here, 0 to 1. */
  public double intensity(Fault fault) {
    return intensity.getOrDefault(fault, 0.0);
  }

  /** Counts an act of the nemesis. */
  public void count(Fault fault) {
    injected.merge(fault, 1L, Long::sum);
  }

  /** How often each kind struck. */
  public Map<Fault, Long> injected() {
    return injected;
  }

  public RandomGenerator dice() {
    return dice;
  }
}
