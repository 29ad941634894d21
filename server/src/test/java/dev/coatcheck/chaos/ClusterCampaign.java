package dev.coatcheck.chaos;

import dev.coatcheck.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;

/**
 * Several servers on one PostgreSQL under load, of which one after the other is killed and started
 * again; the connections that hear of other nodes are cut again and again, and the database itself
 * ends once without farewell. Each submission is repeated with its key until it is acknowledged.
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

  /** What was done to the servers. */
  record Harm(int kills, int storms, int restarts) {}

  private final Plan plan;
  private final RandomGenerator dice;
  private final ClusterDatabase database;
  private final AtomicReferenceArray<ServerProcess> nodes;
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
    this.nodes = new AtomicReferenceArray<>(plan.nodes());
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
    try {
      for (int i = 0; i < plan.nodes(); i++) {
        nodes.set(i, start(i));
      }
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
    } finally {
      for (int i = 0; i < plan.nodes(); i++) {
        ServerProcess node = nodes.get(i);
        if (node != null) {
          node.close();
        }
      }
    }
  }

  private ServerProcess start(int number) throws IOException {
    Path data = Files.createDirectories(plan.folder().resolve("node" + number));
    Map<String, String> environment =
        Map.of(
            "COATCHECK_STORE_URL",
            plan.store(),
            "COATCHECK_LEASE_DURATION",
            LEASE.toSeconds() + "s");
    return ServerProcess.start(new ServerProcess.Plan(data, 0, environment, List.of()));
  }

  private Harm harm() throws Exception {
    long start = System.nanoTime();
    long end = start + plan.harm().toNanos();
    long nextKill = start + BETWEEN_KILLS.toNanos();
    int kills = 0;
    int storms = 0;
    int restarts = 0;
    while (harming && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_STORMS.toMillis());
      storms += database.cutListeners() ? 1 : 0;
      if (System.nanoTime() - start > plan.harm().toNanos() / 2 && restarts == 0) {
        restartDatabase();
        restarts++;
      } else if (System.nanoTime() > nextKill) {
        nextKill += BETWEEN_KILLS.toNanos();
        replace(dice.nextInt(plan.nodes()));
        kills++;
      }
    }
    return new Harm(kills, storms, restarts);
  }

  private void replace(int number) throws Exception {
    nodes.get(number).kill();
    nodes.set(number, start(number));
  }

  private void restartDatabase() throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", plan.restart())
            .redirectErrorStream(true)
            .redirectOutput(plan.folder().resolve("restart.log").toFile())
            .start();
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IllegalStateException("the database was not restarted: " + plan.restart());
    }
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
      ServerProcess node = nodes.get((number + tries) % plan.nodes());
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(node.url() + "/v1/jobs"))
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
