package dev.coatcheck.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final Duration CALL = Duration.ofSeconds(20);
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
  private final Map<Integer, String> acknowledged = new ConcurrentHashMap<>();
  private final List<String> broken = new ArrayList<>();
  private final AtomicInteger repeated = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean harming = true;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

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
    try (fleet) {
      fleet.start();
      Harm harm;
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Harm> harmed = threads.submit(this::harm);
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
          callers.add(threads.submit(() -> submitAll(next)));
        }
        for (Future<?> caller : callers) {
          caller.get();
        }
        harming = false;
        harm = harmed.get();
      }
      ClusterDatabase.Ends ends = database.awaitEnds(Duration.ofMinutes(5));
      broken.addAll(database.faults(acknowledged.values()));
      return new Outcome(
          harm, acknowledged.size(), repeated.get(), refused.get(), ends, List.copyOf(broken));
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

  private void submitAll(AtomicInteger next) {
    for (int n = next.getAndIncrement(); n < plan.jobs(); n = next.getAndIncrement()) {
      try {
        acknowledged.put(n, submit(n));
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Until it is acknowledged, wherever that is; the id. */
  private String submit(int number) throws InterruptedException {
    String body = "{\"worker\":\"simulate\",\"input\":{\"duration_ms\":" + number % 40 + "}}";
    for (int tries = 0; ; tries++) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(fleet.url(number + tries) + "/v1/jobs"))
              .timeout(CALL)
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", "cluster-" + number)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      try {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 == 2) {
          return Json.parse(answer.body()).path("id").asString();
        }
        refused.incrementAndGet();
        if (answer.statusCode() != 503 && answer.statusCode() != 429) {
          synchronized (broken) {
            broken.add("submission " + number + " was answered " + answer.statusCode());
          }
        }
      } catch (IOException gone) {
        repeated.incrementAndGet();
      }
      TimeUnit.MILLISECONDS.sleep(Math.min(1_000, 20L << Math.min(tries, 6)));
    }
  }
}
