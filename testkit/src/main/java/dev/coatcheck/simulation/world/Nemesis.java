package dev.coatcheck.simulation.world;

import dev.coatcheck.simulation.faults.Fault;
import dev.coatcheck.simulation.faults.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Does the harm that is not left to chance, and mends it all in the end. */
final class Nemesis {

  private static final Duration[] JUMPS = {
    Duration.ofHours(3),
    Duration.ofHours(-3),
    Duration.ofSeconds(2),
    Duration.ofSeconds(-2),
    Duration.ZERO
  };

  private final World world;
  private final Faults faults;
  private final RandomGenerator dice;
  private final List<Fault> acts = new ArrayList<>();

  Nemesis(World world, RandomGenerator dice) {
    this.world = world;
    this.faults = world.faults();
    this.dice = dice;
    for (Fault fault : faults.kinds()) {
      if (fault.act()) {
        acts.add(fault);
      }
    }
  }

  void run() {
    while (faults.storming() && !acts.isEmpty()) {
      Fault fault = acts.get(dice.nextInt(acts.size()));
      double gap = 500 + 12_000 * dice.nextDouble() * (1.1 - faults.intensity(fault));
      world.scheduler().pause(Duration.ofMillis((long) gap));
      if (faults.storming()) {
        act(fault);
      }
    }
  }

  private void act(Fault fault) {
    faults.count(fault);
    world.history().tell("nemesis", fault.name());
    Node node = world.anyNode(dice);
    switch (fault) {
      case NODE_KILL -> {
        node.kill();
        later("supervisor", 4_000, node::startAgain);
      }
      case NODE_STOP -> node.restart(Duration.ofMillis(dice.nextInt(2_000)));
      case NODE_FREEZE -> freeze(node);
      case CLOCK_JUMP -> {
        if (node.up()) {
          node.machine().realm().skew(JUMPS[dice.nextInt(JUMPS.length)]);
        }
      }
      case RUNNER_KILL -> world.runners().kill(dice);
      case RUNNER_FREEZE -> world.runners().freeze(dice);
      case WORKER_PAUSE -> world.pauses().pause(dice);
      case STORE_REFUSES -> {
        if (node.up()) {
          node.trouble().refuse(true);
          later("store", 3_000, () -> node.trouble().refuse(false));
        }
      }
      default -> {}
    }
  }

  private void freeze(Node node) {
    if (node.up()) {
      var realm = node.machine().realm();
      world.scheduler().freeze(realm, true);
      later("thaw", 8_000, () -> world.scheduler().freeze(realm, false));
    }
  }

  private void later(String name, int withinMillis, Runnable mend) {
    Duration after = Duration.ofMillis(100 + dice.nextInt(withinMillis));
    world
        .machine()
        .fork(
            name,
            () -> {
              world.scheduler().pause(after);
              mend.run();
            });
  }
}
