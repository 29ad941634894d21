import dev.coatcheck.client.Coatcheck;
import dev.coatcheck.client.runner.Runner;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands many short jobs in to a running server over HTTP, lets two pull runners of this process work
 * them off, and tells how near that came to slots divided by duration; then checks that every job
 * succeeded, in its first attempt, and ended once.
 *
 * <p>{@code java -cp 'server/target/lib/*:client/target/coatcheck-client-0.1.0-SNAPSHOT.jar'
 * bench/Runners.java http://127.0.0.1:8080 10000 50 200 [PID of the server [ROUNDS]]}: so many jobs,
 * of so many milliseconds, with so many slots for each runner. The first round is that of runners and
 * of a server that have just been started; later ones show them warm.
 */
public class Runners {

  private static final int CALLERS = 32;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public static void main(String[] args) throws Exception {
    String url = args[0];
    int jobs = Integer.parseInt(args[1]);
    int millis = Integer.parseInt(args[2]);
    int slots = Integer.parseInt(args[3]);
    long server = args.length > 4 ? Long.parseLong(args[4]) : -1;
    int rounds = args.length > 5 ? Integer.parseInt(args[5]) : 1;
    for (int round = 1; round <= rounds; round++) {
      System.out.println("round " + round);
      round(url, jobs, millis, slots, server);
    }
  }

  private static void round(String url, int jobs, int millis, int slots, long server)
      throws Exception {
    String worker = "bench-" + Long.toString(System.nanoTime(), 36);
    define(url, worker);

    long begin = System.nanoTime();
    List<String> ids = submit(url, worker, jobs);
    System.out.printf("%d jobs handed in within %.0f ms%n", jobs, millis(begin));

    CountDownLatch left = new CountDownLatch(jobs);
    AtomicInteger ran = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger now = new AtomicInteger();
    List<Runner> runners = new ArrayList<>();
    double cpu = cpu(ProcessHandle.current().pid());
    double serverCpu = cpu(server);
    begin = System.nanoTime();
    for (int i = 1; i <= 2; i++) {
      runners.add(
          Runner.connect(url)
              .handle(worker, Integer.class, Integer.class, (context, n) -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.sleep(millis);
                now.decrementAndGet();
                ran.incrementAndGet();
                left.countDown();
                return n;
              })
              .concurrency(slots)
              .name("bench-" + i)
              .start());
    }
    left.await();
    double took = millis(begin);
    runners.forEach(Runner::close);
    double ideal = (double) jobs * millis / (2.0 * slots);
    System.out.printf(
        "worked off in %.0f ms: %.0f jobs/s; slots / duration is %.0f jobs/s (%.0f %%)%n",
        took, jobs * 1000 / took, 2_000.0 * slots / millis, 100 * ideal / took);
    System.out.printf("at most %d at a time%n", most.get());
    System.out.printf(
        "CPU: runners %.1f s, server %s%n",
        cpu(ProcessHandle.current().pid()) - cpu,
        server < 0 ? "not asked" : "%.1f s".formatted(cpu(server) - serverCpu));
    if (ran.get() != jobs) {
      throw new IllegalStateException(ran.get() + " runs of " + jobs + " jobs");
    }
    check(url, ids);
    System.out.println("each succeeded in its first attempt, with its own output, and ended once");
  }

  private static void define(String url, String worker) throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(url + "/v1/workers/" + worker))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"kind\":\"pull\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IllegalStateException(answer.body());
    }
  }

  private static List<String> submit(String url, String worker, int jobs) throws Exception {
    Coatcheck coatcheck = Coatcheck.connect(url);
    List<String> ids = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<String>> submitted = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        int n = i;
        submitted.add(callers.submit(() -> coatcheck.submit(worker, n).id()));
      }
      for (Future<String> each : submitted) {
        ids.add(each.get());
      }
    }
    return ids;
  }

  private static void check(String url, List<String> ids) throws Exception {
    Set<String> wrong = ConcurrentHashMap.newKeySet();
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      for (int i = 0; i < ids.size(); i++) {
        int n = i;
        callers.submit(() -> {
          String events = get(url + "/v1/jobs/" + ids.get(n) + "/events?limit=200");
          boolean once = events.split("\"type\":\"done\"", -1).length == 2;
          boolean first = events.split("\"status\":\"running\"", -1).length == 2;
          boolean its = events.contains("\"status\":\"succeeded\",\"output\":" + n + ",");
          if (!once || !first || !its) {
            wrong.add(events);
          }
          return null;
        });
      }
    }
    if (!wrong.isEmpty() || new HashSet<>(ids).size() != ids.size()) {
      throw new IllegalStateException(wrong.size() + " are wrong, such as " + wrong.stream().findFirst());
    }
  }

  private static String get(String url) throws Exception {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static double millis(long begin) {
    return (System.nanoTime() - begin) / 1e6;
  }

  private static double cpu(long pid) {
    return ProcessHandle.of(pid)
            .flatMap(process -> process.info().totalCpuDuration())
            .orElse(Duration.ZERO)
            .toMillis()
        / 1e3;
  }
}
