package dev.coatcheck.simulation.world;

import dev.coatcheck.simulation.check.Failure;
import dev.coatcheck.simulation.check.History;
import dev.coatcheck.simulation.check.Invariant;
import dev.coatcheck.simulation.faults.Fault;
import dev.coatcheck.simulation.machine.Scheduler;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs one world from its plan. */
public final class Simulation {

  private static final long PICKS_MAX = 2_000_000;

  /**
   * What one run came to.
   *
   * @param events how often the scheduler picked a task
   */
  public record Outcome(
      Plan plan,
      String hash,
      List<Failure> failures,
      List<History.Entry> history,
      long events,
      Duration simulated,
      long commits,
      long acknowledged,
      long paidCalls,
      Map<Fault, Long> injected) {

    public boolean sound() {
      return failures.isEmpty();
    }

    @Override
    public String toString() {
      return "seed " + plan.seed() + ": " + failures;
    }
  }

  private Simulation() {}

  public static Outcome run(Plan plan) throws InterruptedException {
    return run(plan, Sabotage.none());
  }

  /** Runs a world with a defect built in. */
  public static Outcome run(Plan plan, Sabotage sabotage) throws InterruptedException {
    return run(plan, sabotage, Database.inMemory());
  }

  /** Runs a world whose nodes keep their jobs somewhere else than in memory. */
  public static Outcome run(Plan plan, Database.Maker database) throws InterruptedException {
    return run(plan, Sabotage.none(), database);
  }

  private static Outcome run(Plan plan, Sabotage sabotage, Database.Maker database)
      throws InterruptedException {
    History[] told = new History[1];
    Scheduler scheduler =
        new Scheduler(
            plan.seedOf("schedule"),
            PICKS_MAX,
            (task, defect) -> told[0].broken(Invariant.SOUND, task + " ended by " + trace(defect)));
    History history = new History(scheduler::nanos);
    told[0] = history;
    World world = new World(plan, scheduler, history, sabotage, database);
    scheduler.stalls(new Stalls(world.faults()));
    @Nullable String stuck = scheduler.run(world.machine().realm(), world::live);
    if (stuck != null) {
      history.broken(Invariant.I10, stuck);
    }
    List<History.Entry> entries = history.entries();
    return new Outcome(
        plan,
        history.hash(),
        history.failures(),
        entries,
        scheduler.picks(),
        Duration.ofNanos(scheduler.nanos()),
        world.witness().commits(),
        world.witnesses().acknowledged(),
        world.witnesses().paidCalls(),
        world.faults().injected());
  }

  private static String trace(Throwable defect) {
    StringWriter text = new StringWriter();
    defect.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
