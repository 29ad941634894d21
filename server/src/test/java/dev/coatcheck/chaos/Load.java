package dev.coatcheck.chaos;

import dev.coatcheck.chaos.Api.Answer;
import dev.coatcheck.chaos.Witness.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import tools.jackson.databind.JsonNode;

/**
 * Clients that hand in jobs, cancel, retry, read and follow them, whatever the server does. All of
 * them are one witness.
 */
final class Load implements AutoCloseable {

  static final String PULL = "outside";
  private static final int SUBMITTERS = 6;
  private static final int RECENT = 200;
  private static final Duration BUSY_AT_MOST = Duration.ofMinutes(1);

  private final Api api;
  private final Witness witness;
  private final RandomGenerator seeds;
  private final boolean pull;
  private final Known known = new Known();
  private final Known keys = new Known();
  private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * Clients that wait for {@link #start}.
   *
   * @param pull whether there is a worker for runners elsewhere
   */
  Load(Api api, Witness witness, long seed, boolean pull) {
    this.api = api;
    this.witness = witness;
    this.pull = pull;
    seeds = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  void start() {
    for (int i = 0; i < SUBMITTERS; i++) {
      begin(this::submitNew, 20);
    }
    begin(this::cancel, 60);
    begin(this::retry, 120);
    begin(this::read, 10);
    begin(this::conflict, 200);
    for (int i = 0; i < 3; i++) {
      begin(this::follow, 50);
    }
  }

  int acknowledged() {
    return known.size();
  }

  /** How many submissions were answered 503. */
  int refused() {
    return refused.get();
  }

  /** Waits until so many more jobs are acknowledged, a minute at most. */
  void awaitMore(int more) throws InterruptedException {
    int least = acknowledged() + more;
    long until = System.nanoTime() + BUSY_AT_MOST.toNanos();
    while (acknowledged() < least && System.nanoTime() < until) {
      Thread.sleep(5);
    }
  }

  private interface Deed {
    void take(RandomGenerator random) throws InterruptedException;
  }

  private void begin(Deed deed, int pauseMillis) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seeds.nextLong());
    threads.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (!stopping) {
                  deed.take(random);
                  Thread.sleep(random.nextInt(1, 2 * pauseMillis));
                }
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  private void submitNew(RandomGenerator random) throws InterruptedException {
    String key = "key-" + numbers.incrementAndGet();
    // A client that does not know tries again with the same key; some give up for now.
    for (int tries = 0; tries < 3 && submit(key) == Ending.INFO; tries++) {
      Thread.sleep(random.nextInt(50, 500));
    }
  }

  private Ending submit(String key) throws InterruptedException {
    unanswered.add(key);
    Answer answer = api.submit(witness, key, body(key));
    if (answer.http() == 503) {
      refused.incrementAndGet();
    }
    if (answer.ok()) {
      known.add(answer.text("id"));
      keys.add(key);
    }
    if (answer.ending() != Ending.INFO) {
      unanswered.remove(key);
    }
    return answer.ending();
  }

  /** The same key always gives the same body. */
  private String body(String key) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(key.hashCode());
    int kind = random.nextInt(100);
    if (pull && kind < 30) {
      return "{\"worker\":\"%s\",\"max_attempts\":50,\"input\":{\"key\":\"%s\"}}"
          .formatted(PULL, key);
    }
    String more =
        kind < 36
            ? ",\"fail\":{\"attempts\":1}"
            : kind < 42
                ? ",\"fail\":{\"attempts\":-1,\"retryable\":false}"
                : kind < 48 ? ",\"busy\":{\"times\":1,\"retry_after_ms\":50}" : "";
    return "{\"worker\":\"simulate\",\"max_attempts\":50,\"input\":{\"duration_ms\":%d,\"steps\":%d,\"output\":\"%s\"%s}}"
        .formatted(random.nextInt(200), random.nextInt(6), key, more);
  }

  private void conflict(RandomGenerator random) throws InterruptedException {
    String key = keys.recent(random, RECENT);
    if (!key.isEmpty()) {
      String other = "{\"worker\":\"simulate\",\"input\":{\"output\":\"another body\"}}";
      api.post("/v1/jobs", other, "Idempotency-Key", key)
          .by(witness, "conflict", line -> line.put("key", key));
    }
  }

  private void cancel(RandomGenerator random) throws InterruptedException {
    String job = known.recent(random, 30);
    if (!job.isEmpty()) {
      Answer answer = api.post("/v1/jobs/" + job + "/cancel", null);
      answer.by(
          witness,
          "cancel",
          line -> {
            line.put("job", job);
            line.put("status", answer.text("status"));
          });
    }
  }

  private void retry(RandomGenerator random) throws InterruptedException {
    String job = known.recent(random, RECENT);
    if (!job.isEmpty()) {
      Answer answer = api.post("/v1/jobs/" + job + "/retry", "{}");
      answer.by(
          witness,
          "retry",
          line -> {
            line.put("of", job);
            if (answer.ok()) {
              line.put("job", answer.text("id"));
            }
          });
      if (answer.ok()) {
        known.add(answer.text("id"));
      }
    }
  }

  private void read(RandomGenerator random) throws InterruptedException {
    String job = known.recent(random, RECENT);
    if (!job.isEmpty()) {
      Answer answer = api.get("/v1/jobs/" + job);
      answer.by(
          witness,
          "get",
          line -> {
            line.put("job", job);
            if (answer.ok()) {
              line.put("status", answer.text("status"));
              line.put("done", answer.body().path("done").asBoolean());
              line.put("attempt", answer.body().path("attempt").asInt());
              line.put("digest", digest(answer.body()));
            }
          });
    }
  }

  /** What must never change once a job is done. */
  static String digest(JsonNode job) {
    return job.path("output") + "|" + job.path("error") + "|" + job.path("finished_at");
  }

  private void follow(RandomGenerator random) throws InterruptedException {
    String job = known.recent(random, 20);
    if (!job.isEmpty()) {
      new Follower(api, witness, "s-" + numbers.incrementAndGet() + "-" + job, job)
          .follow(() -> stopping);
    }
  }

  /** Stops everybody and waits until they have. */
  void finish() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Over a connection without faults: what is still unknown is asked again. */
  void ask(Api fair) throws InterruptedException {
    Load again = new Load(fair, witness, 0, pull);
    for (String key : unanswered) {
      for (int tries = 0; tries < 20 && again.submit(key) == Ending.INFO; tries++) {
        Thread.sleep(200);
      }
    }
    again.known.all().forEach(known::add);
  }

  @Override
  public void close() {
    stopping = true;
  }
}
