package dev.coatcheck.simulation.run;

import dev.coatcheck.simulation.check.Failure;
import dev.coatcheck.simulation.check.Invariant;
import dev.coatcheck.simulation.faults.Fault;
import dev.coatcheck.simulation.world.Plan;
import dev.coatcheck.simulation.world.Sabotage;
import dev.coatcheck.simulation.world.Simulation;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Makes a failing run small: leaves out kinds of faults, then submissions, as long as what is left
 * still breaks the same invariant.
 */
public final class Shrinker {

  private static final int SUBMISSIONS_MAX = 64;

  private final Supplier<Sabotage> sabotage;

  public Shrinker() {
    this(Sabotage::none);
  }

  /** For runs with a defect built in; each run gets its own. */
  public Shrinker(Supplier<Sabotage> sabotage) {
    this.sabotage = sabotage;
  }

  /** The smallest run found that breaks the first invariant that this one breaks. */
  public Simulation.Outcome shrink(Simulation.Outcome failing) throws InterruptedException {
    Invariant broken = failing.failures().getFirst().invariant();
    Simulation.Outcome best = failing;
    for (Fault fault : failing.injected().keySet()) {
      best = better(best, best.plan().without(fault), broken);
    }
    for (int width = SUBMISSIONS_MAX / 2; width >= 1; width /= 2) {
      for (int first = 0; first < SUBMISSIONS_MAX; first += width) {
        Set<Integer> some = new TreeSet<>();
        for (int i = first; i < first + width; i++) {
          some.add(i);
        }
        if (!best.plan().dropped().containsAll(some)) {
          best = better(best, best.plan().dropping(some), broken);
        }
      }
    }
    return best;
  }

  private Simulation.Outcome better(Simulation.Outcome best, Plan plan, Invariant broken)
      throws InterruptedException {
    Simulation.Outcome smaller = Simulation.run(plan, sabotage.get());
    boolean still = smaller.failures().stream().map(Failure::invariant).anyMatch(broken::equals);
    return still ? smaller : best;
  }
}
