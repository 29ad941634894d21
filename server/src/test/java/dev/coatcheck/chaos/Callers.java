package dev.coatcheck.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * Hand in jobs at whichever server of a fleet, each submission with its key until it is
 * acknowledged.
 */
final class Callers implements AutoCloseable {

  private static final Duration CALL = Duration.ofSeconds(20);

  /**
   * An answer to a submission, or the lack of one.
   *
   * @param node which server was asked
   * @param asked in nanoseconds of this process, as {@code answered}
   * @param http 0 if nothing came back
   */
  record Answer(int node, long asked, long answered, int http) {}

  /**
   * What they hand in.
   *
   * @param more whether a submission of this number is to be made
   * @param durationMs for how long the job with this number works
   * @param pause after each submission
   */
  record Plan(int callers, IntPredicate more, IntUnaryOperator durationMs, Duration pause) {}

  private final Fleet fleet;
  private final Plan plan;
  private final AtomicInteger next = new AtomicInteger();
  private final Map<Integer, String> acknowledged = new ConcurrentHashMap<>();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> running = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  Callers(Fleet fleet, Plan plan) {
    this.fleet = fleet;
    this.plan = plan;
  }

  void start() {
    for (int i = 0; i < plan.callers(); i++) {
      running.add(threads.submit(this::submitAll));
    }
  }

  /** Waits until so many more than now are acknowledged. */
  void awaitMore(int submissions) throws InterruptedException {
    int wanted = acknowledged.size() + submissions;
    while (acknowledged.size() < wanted) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Waits until there are no more to hand in. */
  void join() throws ExecutionException, InterruptedException {
    for (Future<?> caller : running) {
      caller.get();
    }
  }

  /** The ids that were told. */
  Collection<String> acknowledged() {
    return acknowledged.values();
  }

  /** Everything that was answered so far, or not. */
  List<Answer> answers() {
    return List.copyOf(answers);
  }

  private Void submitAll() throws InterruptedException {
    for (int n = next.getAndIncrement(); plan.more().test(n); n = next.getAndIncrement()) {
      acknowledged.put(n, submit(n));
      TimeUnit.NANOSECONDS.sleep(plan.pause().toNanos());
    }
    return null;
  }

  private String submit(int number) throws InterruptedException {
    for (int tries = 0; ; tries++) {
      long asked = System.nanoTime();
      int status = 0;
      try {
        HttpResponse<String> answer =
            http.send(request(number, tries), HttpResponse.BodyHandlers.ofString());
        status = answer.statusCode();
        if (status / 100 == 2) {
          return Json.parse(answer.body()).path("id").asString();
        }
      } catch (IOException gone) {
        // Whether it took effect is not known: the same key tells.
      } finally {
        answers.add(new Answer(fleet.which(number + tries), asked, System.nanoTime(), status));
      }
      TimeUnit.MILLISECONDS.sleep(Math.min(1_000, 20L << Math.min(tries, 6)));
    }
  }

  private HttpRequest request(int number, int tries) {
    String body =
        "{\"worker\":\"simulate\",\"input\":{\"duration_ms\":%d}}"
            .formatted(plan.durationMs().applyAsInt(number));
    return HttpRequest.newBuilder(URI.create(fleet.url(number + tries) + "/v1/jobs"))
        .timeout(CALL)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", "caller-" + number)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    http.close();
  }
}
