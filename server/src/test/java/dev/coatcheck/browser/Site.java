package dev.coatcheck.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.server.Server;
import dev.coatcheck.server.config.ConfigLoader;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.contract.WorkerContracts;
import dev.coatcheck.server.secret.SecretKey;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.folder.FolderBlobs;
import dev.coatcheck.store.sqlite.SqliteOptions;
import dev.coatcheck.store.sqlite.SqliteStore;
import dev.coatcheck.worker.WorkerSpec;
import dev.coatcheck.workers.simulate.SimulateWorker;
import dev.coatcheck.workers.summarize.SummarizeWorker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server with the built-in workers and some made for tests. */
final class Site implements AutoCloseable {

  /** Repeats its input wherever a job can say something, then answers it or fails with it. */
  static final String PARROT = "parrot";

  /** Takes a text or a file. */
  static final String EITHER = "either";

  private static final String EITHER_SCHEMA =
      """
      {"type": "object", "additionalProperties": false,
       "oneOf": [{"required": ["text"]}, {"required": ["file"]}],
       "properties": {"text": {"type": "string", "contentMediaType": "text/plain"},
                      "file": {"type": "string", "format": "file"},
                      "loud": {"type": "boolean"}}}\
      """;

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Engine engine;
  private final Server server;
  private final Semaphore go = new Semaphore(0);

  private Site(Path folder, Map<String, String> environment) throws Exception {
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    SqliteStore store =
        SqliteStore.open(SqliteOptions.of(folder.resolve("coatcheck.db"), clock, random));
    FolderBlobs blobs = FolderBlobs.open(folder.resolve("files"), clock);
    engine =
        Engine.start(
            store,
            EngineConfig.on(new JvmMachine(clock, random)).withFiles(blobs, Duration.ofDays(1)));
    serve(SimulateWorker.spec(false), SimulateWorker.handler());
    serve(SummarizeWorker.spec(), SummarizeWorker.handler());
    serve(WorkerSpec.of(PARROT), this::repeat);
    serve(
        WorkerSpec.named(EITHER).inputSchema(Payload.utf8(EITHER_SCHEMA)).build(),
        (context, input) -> Reply.completed(input));
    ServerConfig config =
        ConfigLoader.load(
            Optional.empty(), environment, Map.of("server.port", "0", "server.grace", "1s"));
    WorkerContracts contracts = new WorkerContracts(engine.catalog());
    SecretKey secret = SecretKey.of("a secret of tests");
    server = Server.start(config, engine, contracts, secret, Optional.empty());
  }

  static Site start(Path folder) throws Exception {
    return new Site(folder, Map.of());
  }

  /** One that asks for a key. */
  static Site closed(Path folder, String key) throws Exception {
    return new Site(folder, Map.of("COATCHECK_ADMIN_KEY", key));
  }

  private void serve(WorkerSpec spec, Handler handler) throws InterruptedException {
    engine.serve(spec, handler);
  }

  private Reply repeat(WorkContext context, Payload input) throws Exception {
    JsonNode node = MAPPER.readTree(input.text());
    if (node.path("hold").asBoolean(false)) {
      assertThat(go.tryAcquire(1, TimeUnit.MINUTES)).as("told to go on").isTrue();
    }
    String said = node.path("say").asString("");
    context.progress(0.5, said, said);
    context.log("info", said);
    context.output(said);
    for (JsonNode line : node.path("lines")) {
      context.sleep(Duration.ofMillis(10));
      context.progress(0.5, line.asString(""), line.asString(""));
      context.log("info", line.asString(""));
      context.output(line.asString(""));
    }
    if (node.path("fail").asBoolean(false)) {
      throw WorkFailure.permanent(ErrorCode.WORKER_ERROR, said);
    }
    return Reply.completed(input);
  }

  String url() {
    return server.url();
  }

  /** Lets a parrot that was told to {@code hold} begin. */
  void go() {
    go.release();
  }

  /** Hands a job in over HTTP; the job as answered. */
  JsonNode submit(String worker, JsonNode input, Map<String, String> metadata) {
    var body = MAPPER.createObjectNode().put("worker", worker);
    body.set("input", input);
    metadata.forEach(body.putObject("metadata")::put);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/v1/jobs"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
      return MAPPER.readTree(answer.body());
    } catch (IOException | InterruptedException trouble) {
      throw new AssertionError(trouble);
    }
  }

  String submit(String worker, String input) {
    return submit(worker, MAPPER.readTree(input), Map.of()).path("id").asString();
  }

  /** Waits for the end of a job. */
  dev.coatcheck.job.Job await(String id) throws InterruptedException {
    JobId job = JobId.parse(id).orElseThrow();
    if (engine.await(TenantId.DEFAULT, job, Duration.ofSeconds(20))
        instanceof Lookup.Found(dev.coatcheck.job.Job found)) {
      assertThat(found.done()).isTrue();
      return found;
    }
    throw new AssertionError("there is no job " + id);
  }

  @Override
  public void close() {
    server.stop();
    engine.close();
  }
}
