package dev.coatcheck.client.runner;

import dev.coatcheck.client.http.Link;
import dev.coatcheck.client.work.Handler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a {@link Runner} is to do; made by {@link Runner#connect}. */
public final class RunnerBuilder {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final Link link;
  private final Map<String, Bound<?>> handlers = new LinkedHashMap<>();
  private @Nullable String name;
  private @Nullable String version;
  private int concurrency = 10;
  private Duration longPoll = Duration.ofSeconds(5);
  private Duration grace = Duration.ofSeconds(20);
  private JsonMapper json = new JsonMapper();
  private @Nullable ExecutorService executor;

  RunnerBuilder(Link link) {
    this.link = link;
  }

  /**
   * Works for a pull worker.
   *
   * @param input what inputs are read as; {@code JsonNode} for whatever comes
   * @param output what outputs are; for the compiler and the reader
   */
  public <I, O extends @Nullable Object> RunnerBuilder handle(
      String worker, Class<I> input, Class<O> output, Handler<? super I, ? extends O> handler) {
    if (handlers.putIfAbsent(worker, new Bound<>(input, handler)) != null) {
      throw new IllegalArgumentException("two handlers for " + worker);
    }
    return this;
  }

  /** How many attempts run at a time, over all workers; 10 at first. */
  public RunnerBuilder concurrency(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("concurrency must be at least 1");
    }
    concurrency = attempts;
    return this;
  }

  /** A name for people, such as {@code gpu-7}. */
  public RunnerBuilder name(String newName) {
    name = newName;
    return this;
  }

  /** The version of the runner's own program, for people. */
  public RunnerBuilder version(String newVersion) {
    version = newVersion;
    return this;
  }

  /**
   * How long one call for work waits at the server, at most a minute; five seconds at first. A
   * runner with nothing to do takes as long to stop.
   */
  public RunnerBuilder longPoll(Duration duration) {
    if (duration.isNegative() || duration.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException("longPoll must be from 0 to 60 s");
    }
    longPoll = duration;
    return this;
  }

  /** How long running handlers may go on when the runner stops; 20 seconds at first. */
  public RunnerBuilder grace(Duration duration) {
    grace = duration;
    return this;
  }

  /** How inputs and outputs become JSON. */
  public RunnerBuilder json(JsonMapper mapper) {
    json = mapper;
    return this;
  }

  /**
   * Where handlers run; without it, on virtual threads where Java has them (21), else on platform
   * threads. It needs as many threads as the concurrency and some more; it is not shut down.
   */
  public RunnerBuilder executor(ExecutorService newExecutor) {
    executor = newExecutor;
    return this;
  }

  /** Starts to work in the background. */
  public Runner start() {
    if (handlers.isEmpty()) {
      throw new IllegalStateException("there is no handler");
    }
    Identity identity = new Identity(name, version, Set.copyOf(handlers.keySet()));
    ExecutorService threads = executor == null ? Threads.forHandlers() : executor;
    Recipe recipe =
        new Recipe(
            link,
            identity,
            Map.copyOf(handlers),
            concurrency,
            longPoll,
            grace,
            json,
            threads,
            executor == null);
    return Runner.start(recipe);
  }

  /** Works until the process is told to stop (SIGTERM, Ctrl-C), and stops in good order. */
  public void run() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runner runner = start();
    Thread onSignal =
        new Thread(
            () -> {
              runner.close();
              stopped.countDown();
            },
            "coatcheck-stop");
    Runtime.getRuntime().addShutdownHook(onSignal);
    stopped.await();
  }
}
