package dev.coatcheck.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Several servers on one PostgreSQL under load, of which one is killed at even times whatever the
 * starts of those killed before have come to; the connections that hear of other nodes are cut
 * again and again, and the database itself ends once without farewell. Each submission is repeated
 * with its key until it is acknowledged.
 */
final class ClusterCampaign {

  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(10);
  private static final Duration BETWEEN_STORMS = Duration.ofSeconds(3);
  private static final int CALLERS = 24;

  /**
   * What is to be done.
   *
   * @param restart a command that ends the database at once and starts it again
   */
  record Plan(Path folder, String store, String restart, int nodes, int jobs, Duration harm) {}

  /**
   * What was done to the servers.
   *
   * @param starting how many of those killed were not ready yet after the kill before
   */
  record Harm(int kills, int starting, int storms, int restarts) {}

  private final Plan plan;
  private final RandomGenerator dice;
  private final ClusterDatabase database;
  private final Fleet fleet;
  private volatile boolean harming = true;

  ClusterCampaign(Plan plan, RandomGenerator dice) {
    this.plan = plan;
    this.dice = dice;
    this.database = new ClusterDatabase(plan.store());
    this.fleet = new Fleet(plan.folder(), plan.store(), LEASE, plan.nodes());
  }

  /** What was done, and what came of it. */
  record Outcome(
      Harm harm,
      int acknowledged,
      int repeated,
      int refused,
      ClusterDatabase.Ends ends,
      List<String> broken) {}

  Outcome run() throws Exception {
    Callers.Plan load =
        new Callers.Plan(
            CALLERS, number -> number < plan.jobs(), number -> number % 40, Duration.ZERO);
    try (fleet;
        Callers callers = new Callers(fleet, load);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      fleet.start();
      Future<Harm> harmed = threads.submit(this::harm);
      callers.start();
      callers.join();
      harming = false;
      Harm harm = harmed.get();
      ClusterDatabase.Ends ends = database.awaitEnds(Duration.ofMinutes(5));
      List<String> broken = new ArrayList<>(database.faults(callers.acknowledged()));
      int cutOff = 0;
      int refused = 0;
      for (Callers.Answer answer : callers.answers()) {
        switch (answer.http()) {
          case 0 -> cutOff++;
          case 429, 503 -> refused++;
          case 200, 202 -> {}
          default -> broken.add("a submission was answered " + answer.http());
        }
      }
      return new Outcome(harm, callers.acknowledged().size(), cutOff, refused, ends, broken);
    }
  }

  private Harm harm() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicInteger starting = new AtomicInteger();
      Future<Integer> kills =
          threads.submit(() ->
              every(
                  BETWEEN_KILLS,
                  () -> {
                    starting.addAndGet(fleet.killOne(dice) ? 0 : 1);
                    return true;
                  }));
      Future<Integer> storms = threads.submit(() -> every(BETWEEN_STORMS, database::cutListeners));
      Future<Integer> restarts =
          threads.submit(
              () -> every(plan.harm().dividedBy(2).plusMillis(1), this::restartDatabase));
      return new Harm(kills.get(), starting.get(), storms.get(), restarts.get());
    }
  }

  /**
   * Does it at even times, however long it takes, until the harm is over; how often it was done.
   */
  private int every(Duration period, Callable<Boolean> harm) throws Exception {
    long end = System.nanoTime() + plan.harm().toNanos();
    long due = System.nanoTime();
    int done = 0;
    for (due += period.toNanos(); due <= end; due += period.toNanos()) {
      while (harming && System.nanoTime() < due) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      if (!harming) {
        return done;
      }
      done += harm.call() ? 1 : 0;
    }
    return done;
  }

  private boolean restartDatabase() throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", plan.restart())
            .redirectErrorStream(true)
            .redirectOutput(plan.folder().resolve("restart.log").toFile())
            .start();
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IllegalStateException("the database was not restarted: " + plan.restart());
    }
    return true;
  }
}
