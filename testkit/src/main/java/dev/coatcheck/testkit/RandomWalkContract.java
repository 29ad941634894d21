package dev.coatcheck.testkit;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever is asked of a store in whatever order, its invariants hold. */
public interface RandomWalkContract extends OnBench {

  int SEEDS = 200;
  int STEPS = 60;

  @Test
  default void random_changes_keep_every_invariant() {
    for (long seed = 0; seed < SEEDS; seed++) {
      new RandomWalk(seed, List.of(bench())).run(STEPS);
    }
  }
}
