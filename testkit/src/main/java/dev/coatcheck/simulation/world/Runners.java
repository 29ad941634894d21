package dev.coatcheck.simulation.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The runners elsewhere of a world; one that dies is followed by another. */
final class Runners {

  private final World world;
  private final RandomGenerator dice;
  private final List<RemoteRunner> live = new ArrayList<>();
  private int made;

  Runners(World world, RandomGenerator dice) {
    this.world = world;
    this.dice = dice;
  }

  void start(int count) {
    for (int i = 0; i < count; i++) {
      startOne();
    }
  }

  private void startOne() {
    made++;
    RemoteRunner[] self = new RemoteRunner[1];
    RemoteRunner runner =
        new RemoteRunner(world, "r" + made, world.dice(dice), () -> follow(self[0]));
    self[0] = runner;
    live.add(runner);
    runner.start();
  }

  private void follow(RemoteRunner dead) {
    live.remove(dead);
    world
        .machine()
        .fork(
            "supervisor",
            () -> {
              world.scheduler().pause(Duration.ofMillis(200 + dice.nextInt(3_000)));
              startOne();
            });
  }

  void kill(RandomGenerator chance) {
    if (!live.isEmpty()) {
      RemoteRunner runner = live.get(chance.nextInt(live.size()));
      follow(runner);
      world.history().tell(runner.name(), "killed");
      world.scheduler().kill(runner.machine().realm());
    }
  }

  /** Stops a runner for longer than its leases last. */
  void freeze(RandomGenerator chance) {
    if (!live.isEmpty()) {
      var realm = live.get(chance.nextInt(live.size())).machine().realm();
      world.scheduler().freeze(realm, true);
      Duration frozen = Contracts.LEASE.multipliedBy(1 + chance.nextInt(3));
      world
          .machine()
          .fork(
              "thaw",
              () -> {
                world.scheduler().pause(frozen);
                world.history().tell(realm.name(), "thaws");
                world.scheduler().freeze(realm, false);
              });
    }
  }
}
