package dev.coatcheck.server;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Payload;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.server.config.ConfigLoader;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.contract.WorkerContracts;
import dev.coatcheck.server.secret.SecretKey;
import dev.coatcheck.store.Store;
import dev.coatcheck.testkit.InMemoryBlobs;
import dev.coatcheck.testkit.InMemoryStore;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** A real server on a free port, with workers made for tests, on a store in memory. */
final class TestServer implements AutoCloseable {

  /** Answers its input. */
  static final String ECHO = "echo";

  /** Works until it is {@linkplain #release released}. */
  static final String HELD = "held";

  /** One at a time, works until it is released. */
  static final String NARROW = "narrow";

  /** Accepts {@code {"sentences": 1…50, "text": string}} and nothing else. */
  static final String STRICT = "strict";

  /** Fails for good. */
  static final String BROKEN = "broken";

  private static final String STRICT_SCHEMA =
      """
      {"type": "object", "required": ["text"], "additionalProperties": false,
       "properties": {"text": {"type": "string"},
                      "sentences": {"type": "integer", "minimum": 1, "maximum": 50}}}\
      """;

  private static final SecretKey SECRET = SecretKey.of("a secret of tests with 32 characters");

  final InMemoryStore store;
  final InMemoryBlobs blobs;
  final Engine engine;
  final Server server;
  final Client client;
  private final Semaphore held = new Semaphore(0);

  private TestServer(Map<String, String> settings, InstantSource clock) throws Exception {
    this(settings, clock, UnaryOperator.identity());
  }

  private TestServer(Map<String, String> settings, InstantSource clock, UnaryOperator<Store> wrap)
      throws Exception {
    RandomGenerator random = new java.security.SecureRandom();
    store = InMemoryStore.open(clock, random);
    blobs = new InMemoryBlobs(clock);
    engine =
        Engine.start(
            wrap.apply(store),
            EngineConfig.on(new JvmMachine(clock, random)).withFiles(blobs, Duration.ofDays(7)));
    serve(WorkerSpec.of(ECHO), (context, input) -> Reply.completed(input));
    serve(WorkerSpec.of(HELD), this::hold);
    serve(WorkerSpec.named(NARROW).concurrency(1).queueLimit(3).build(), this::hold);
    serve(
        WorkerSpec.named(STRICT).inputSchema(Payload.utf8(STRICT_SCHEMA)).build(),
        (context, input) -> Reply.completed(input));
    serve(
        WorkerSpec.named(BROKEN).maxAttempts(1).build(),
        (context, input) -> {
          throw WorkFailure.permanent(ErrorCode.UNSUPPORTED_INPUT, "no such thing");
        });
    Map<String, String> flags = new HashMap<>(Map.of("server.port", "0", "server.grace", "5s"));
    flags.putAll(settings);
    Map<String, String> env = new HashMap<>();
    String key = flags.remove("admin_key");
    if (key != null) {
      env.put("COATCHECK_ADMIN_KEY", key);
    }
    ServerConfig config = ConfigLoader.load(Optional.empty(), env, flags);
    server =
        Server.start(
            config, engine, new WorkerContracts(engine.catalog()), SECRET, Optional.empty());
    client = new Client(server.url());
  }

  static TestServer start() throws Exception {
    return new TestServer(Map.of(), InstantSource.system());
  }

  static TestServer with(Map<String, String> settings) throws Exception {
    return new TestServer(settings, InstantSource.system());
  }

  static TestServer at(InstantSource clock) throws Exception {
    return new TestServer(Map.of(), clock);
  }

  /** A server whose engine sees the store through something else. */
  static TestServer through(UnaryOperator<Store> wrap) throws Exception {
    return new TestServer(Map.of(), InstantSource.system(), wrap);
  }

  void serve(WorkerSpec spec, Handler handler) throws InterruptedException {
    engine.serve(spec, handler);
  }

  private Reply hold(WorkContext context, Payload input) throws InterruptedException {
    held.acquire();
    return Reply.completed(Payload.utf8("\"released\""));
  }

  /** Lets as many held jobs end. */
  void release(int jobs) {
    held.release(jobs);
  }

  @Override
  public void close() {
    server.stop();
    held.release(10_000);
    engine.close();
  }
}
