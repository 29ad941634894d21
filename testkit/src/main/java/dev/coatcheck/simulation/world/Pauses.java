package dev.coatcheck.simulation.world;

import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** An operator who pauses workers, and lets them go on. */
final class Pauses {

  private static final List<String> WORKERS =
      List.of(Contracts.LOCAL, Contracts.COMPUTE, Contracts.PULL);

  private final World world;
  private final RandomGenerator dice;
  private int paused;

  Pauses(World world, RandomGenerator dice) {
    this.world = world;
    this.dice = dice;
  }

  void pause(RandomGenerator chance) {
    String worker = WORKERS.get(chance.nextInt(WORKERS.size()));
    Duration rest = Duration.ofMillis(500 + chance.nextInt(6_000));
    paused++;
    world
        .machine()
        .fork(
            "operator",
            () -> {
              set(worker, true);
              world.scheduler().pause(rest);
              set(worker, false);
              paused--;
            });
  }

  /** Whether nobody is about to pause or to let go on. */
  boolean none() {
    return paused == 0;
  }

  /** Lets every worker go on, whatever late and doubled requests have made of it. */
  void end() {
    WORKERS.forEach(worker -> set(worker, false));
  }

  private void set(String worker, boolean pause) {
    try {
      while (true) {
        Wire.Reply<Result.PauseResult> reply =
            world
                .wire()
                .call(
                    world.machine(),
                    world.anyNode(dice),
                    Wire.Call.of(engine -> engine.pause(worker, pause)));
        if (reply instanceof Wire.Reply.Answer) {
          return;
        }
        world.scheduler().pause(Duration.ofMillis(300));
      }
    } catch (InterruptedException never) {
      throw new IllegalStateException(never);
    }
  }
}
