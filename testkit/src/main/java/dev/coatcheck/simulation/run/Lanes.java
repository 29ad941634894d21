package dev.coatcheck.simulation.run;

import dev.coatcheck.simulation.world.Plan;
import dev.coatcheck.simulation.world.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs seeds side by side, one world a core. */
public final class Lanes {

  private Lanes() {}

  /**
   * Runs the seeds {@code from} to {@code to}, the last one excluded.
   *
   * @param each told of every outcome, from several threads
   */
  public static void run(long from, long to, int lanes, Consumer<Simulation.Outcome> each)
      throws InterruptedException {
    AtomicLong next = new AtomicLong(from);
    AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      threads.add(
          Thread.ofPlatform()
              .name("lane-" + lane)
              .daemon()
              .uncaughtExceptionHandler((thread, cause) -> trouble.set(cause))
              .start(() -> lane(next, to, each)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable cause = trouble.get();
    if (cause != null) {
      throw new IllegalStateException("a lane ended early", cause);
    }
  }

  private static void lane(AtomicLong next, long to, Consumer<Simulation.Outcome> each) {
    try {
      for (long seed = next.getAndIncrement(); seed < to; seed = next.getAndIncrement()) {
        each.accept(Simulation.run(Plan.of(seed)));
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
