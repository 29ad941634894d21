package dev.coatcheck.chaos;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Two servers on one PostgreSQL under load, whose processes all stop in their tracks for longer
 * than a lease, as on a machine that is suspended, and go on as if nothing had been.
 */
final class FreezeCampaign {

  private static final Duration LEASE = Duration.ofSeconds(4);
  private static final Duration FROZEN = Duration.ofSeconds(10);
  private static final int BETWEEN = 150;
  private static final int NODES = 2;
  private static final int CALLERS = 6;

  /** One job in so many works for longer than a lease, and so is at work when it happens. */
  private static final int LONG = 30;

  /**
   * One time without a database that answers.
   *
   * @param refused submissions that were answered 503 meanwhile
   * @param otherwise submissions that were answered anything else meanwhile, or not at all
   * @param unready servers that said meanwhile that they are not ready
   * @param slowest the longest that an answer took, in milliseconds
   * @param back how long after it the last of the servers took a job again, in milliseconds
   */
  record Freeze(int refused, int otherwise, int unready, long slowest, long back) {}

  /** What came of it. */
  record Outcome(
      List<Freeze> freezes,
      int acknowledged,
      boolean sameServers,
      ClusterDatabase.Ends ends,
      List<String> broken) {}

  private final Path folder;
  private final int times;
  private final List<Freeze> freezes = new ArrayList<>();

  FreezeCampaign(Path folder, int times) {
    this.folder = folder;
    this.times = times;
  }

  Outcome run() throws Exception {
    try (DatabaseServer database = DatabaseServer.create(folder.resolve("database"), List.of())) {
      ClusterDatabase witness = new ClusterDatabase(database.url());
      AtomicBoolean over = new AtomicBoolean();
      Callers.Plan plan =
          new Callers.Plan(
              CALLERS,
              number -> !over.get(),
              number -> number % LONG == 0 ? (int) LEASE.toMillis() + 1_000 : number % 40,
              Duration.ofMillis(40));
      try (Fleet fleet = new Fleet(folder, database.url(), LEASE, NODES);
          Callers callers = new Callers(fleet, plan)) {
        fleet.start();
        List<Long> before = fleet.processes();
        callers.start();
        for (int i = 0; i < times; i++) {
          callers.awaitMore(BETWEEN);
          freezes.add(freeze(database, fleet, callers));
        }
        over.set(true);
        callers.join();
        ClusterDatabase.Ends ends = witness.awaitEnds(Duration.ofMinutes(3));
        List<String> broken = witness.faults(callers.acknowledged());
        return new Outcome(
            List.copyOf(freezes),
            callers.acknowledged().size(),
            before.equals(fleet.processes()),
            ends,
            broken);
      }
    }
  }

  private static Freeze freeze(DatabaseServer database, Fleet fleet, Callers callers)
      throws Exception {
    database.freeze(true);
    long frozen = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(FROZEN.toMillis());
    int unready = 0;
    for (int i = 0; i < NODES; i++) {
      unready += health(fleet.url(i)) == 503 ? 1 : 0;
    }
    database.freeze(false);
    long thawed = System.nanoTime();
    long back = 0;
    for (int i = 0; i < NODES; i++) {
      back = Math.max(back, awaitAcknowledgment(callers, i, thawed));
    }
    List<Callers.Answer> meanwhile =
        callers.answers().stream()
            .filter(answer -> answer.asked() > frozen && answer.answered() < thawed)
            .toList();
    int refused = (int) meanwhile.stream().filter(answer -> answer.http() == 503).count();
    long slowest =
        meanwhile.stream().mapToLong(answer -> answer.answered() - answer.asked()).max().orElse(0);
    return new Freeze(
        refused,
        meanwhile.size() - refused,
        unready,
        TimeUnit.NANOSECONDS.toMillis(slowest),
        TimeUnit.NANOSECONDS.toMillis(back));
  }

  /** How long it took until this server acknowledged what came to it after this time. */
  private static long awaitAcknowledgment(Callers callers, int node, long after)
      throws InterruptedException {
    long until = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (System.nanoTime() < until) {
      long first =
          callers.answers().stream()
              .filter(answer -> answer.node() == node && answer.asked() > after)
              .filter(answer -> answer.http() / 100 == 2)
              .mapToLong(Callers.Answer::answered)
              .min()
              .orElse(0);
      if (first != 0) {
        return first - after;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new IllegalStateException("server " + node + " did not come back");
  }

  private static int health(String url) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/health/ready"))
              .timeout(Duration.ofSeconds(20))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }
}
