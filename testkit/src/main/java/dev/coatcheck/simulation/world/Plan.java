package dev.coatcheck.simulation.world;

import dev.coatcheck.simulation.faults.Fault;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * What a run is made of: all that its seed decides, less what is masked out of it.
 *
 * @param without kinds of faults that do not happen
 * @param dropped submissions that are not made
 */
public record Plan(long seed, Set<Trait> traits, Set<Fault> without, Set<Integer> dropped) {

  /** Everything that the seed has in store. */
  public static Plan of(long seed) {
    Plan plain = plain(seed);
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    for (Trait trait : Trait.values()) {
      if (plain.dice(trait.name()).nextBoolean()) {
        traits.add(trait);
      }
    }
    return new Plan(seed, traits, plain.without, plain.dropped);
  }

  /** A world without traits, as all were when the first seeds were found that broke something. */
  public static Plan plain(long seed) {
    return new Plan(
        seed, EnumSet.noneOf(Trait.class), EnumSet.noneOf(Fault.class), new TreeSet<>());
  }

  public Plan without(Fault fault) {
    Set<Fault> more = EnumSet.of(fault);
    more.addAll(without);
    return new Plan(seed, traits, more, dropped);
  }

  public Plan dropping(Set<Integer> submissions) {
    Set<Integer> more = new TreeSet<>(dropped);
    more.addAll(submissions);
    return new Plan(seed, traits, without, more);
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** Dice for one part of the world, which no other part draws from. */
  SplittableRandom dice(String part) {
    return new SplittableRandom(seedOf(part));
  }

  long seedOf(String part) {
    return seed * 0x9E3779B97F4A7C15L ^ ((long) part.hashCode() << 20);
  }
}
