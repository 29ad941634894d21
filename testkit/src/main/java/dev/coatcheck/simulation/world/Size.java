package dev.coatcheck.simulation.world;

import java.time.Duration;
import java.util.SplittableRandom;

/** How large a world is, and for how long it storms. */
record Size(int nodes, int runners, int clients, int submissions, Duration storm) {

  static Size of(Plan plan) {
    SplittableRandom dice = plan.dice("size");
    int nodes = dice.nextInt(2) == 0 ? 1 : 2 + dice.nextInt(2);
    return new Size(
        nodes,
        dice.nextInt(4),
        1 + dice.nextInt(3),
        6 + dice.nextInt(20),
        Duration.ofMillis(8_000L + dice.nextInt(30_000)));
  }
}
