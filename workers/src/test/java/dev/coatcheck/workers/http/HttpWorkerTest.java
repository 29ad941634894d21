package dev.coatcheck.workers.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.Submitted;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.outbound.Outbound;
import dev.coatcheck.outbound.OutboundSettings;
import dev.coatcheck.outbound.rules.AllowList;
import dev.coatcheck.outbound.rules.HostList;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.testkit.InMemoryStore;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.workers.WorkerJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The worker http against a real server on this machine. */
@Timeout(60)
class HttpWorkerTest {

  private static final int OUTPUT_MAX = 4_096;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Engine engine =
      Engine.start(
          InMemoryStore.open(InstantSource.system(), new Random(1)),
          EngineConfig.on(new JvmMachine()).withOutputMax(OUTPUT_MAX));
  private final Outbound outbound =
      new Outbound(
          OutboundSettings.defaults().withAllow(AllowList.parse("127.0.0.1, localhost", false)));
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<HttpExchange> requests = new CopyOnWriteArrayList<>();
  private final HttpServer host;

  HttpWorkerTest() throws IOException {
    host = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
  }

  /** What the host does with a request. */
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws InterruptedException {
    host.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    host.start();
    serve("127.0.0.1");
  }

  private void serve(String hosts) throws InterruptedException {
    engine.serve(
        HttpWorker.spec().toBuilder()
            .retry(new RetryPolicy(Duration.ZERO, 1, Duration.ZERO, true))
            .build(),
        HttpWorker.handler(outbound, HostList.parse("workers.http.allow", hosts), OUTPUT_MAX));
  }

  @AfterEach
  void stop() {
    engine.close();
    outbound.close();
    host.stop(0);
  }

  private void on(String path, Answer answer) {
    host.createContext(
        path,
        exchange -> {
          try (exchange) {
            requests.add(exchange);
            bodies.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            answer.to(exchange);
          }
        });
  }

  private void on(String path, int status, String type, byte[] body) {
    on(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", type);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
        });
  }

  private void on(String path, int status, String type, String body) {
    on(path, status, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + host.getAddress().getPort() + path;
  }

  private JobId submit(String input) throws InterruptedException {
    Submission submission = Submission.of(TenantId.DEFAULT, "http", Payload.utf8(input));
    return ((Submitted.Created) engine.submit(submission)).job().id();
  }

  private Job run(String input) throws InterruptedException {
    Job job = ((Lookup.Found) engine.await(TenantId.DEFAULT, submit(input), LONG)).job();
    assertThat(job.done()).isTrue();
    return job;
  }

  private Job call(String path) throws InterruptedException {
    return run("{\"url\":\"" + url(path) + "\"}");
  }

  private static JsonNode output(Job job) {
    assertThat(job.status()).as(String.valueOf(job.error())).isEqualTo(JobStatus.SUCCEEDED);
    Payload output = Objects.requireNonNull(job.output());
    assertThat(output.size()).isLessThanOrEqualTo(OUTPUT_MAX);
    return WorkerJson.read(output, JsonNode.class);
  }

  private static JobError error(Job job) {
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    return Objects.requireNonNull(job.error());
  }

  @Test
  void a_json_answer_is_a_result_with_its_numbers_as_they_were_written() throws Exception {
    on(
        "/json",
        200,
        "application/json; charset=utf-8",
        "{\"a\":[1.10,12345678901234567890],\"é\":null}");
    JsonNode output = output(call("/json"));
    assertThat(output.path("status").asInt()).isEqualTo(200);
    assertThat(output.path("headers").path("content-type").asString())
        .isEqualTo("application/json; charset=utf-8");
    assertThat(output.path("body")).hasToString("{\"a\":[1.10,12345678901234567890],\"é\":null}");
    assertThat(output.path("truncated").asBoolean()).isFalse();
    assertThat(output.propertyNames()).containsExactly("status", "headers", "body", "truncated");
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 301, 302, 304, 400, 401, 404, 410, 418, 429, 451})
  void every_status_below_500_is_a_result(int status) throws Exception {
    on("/status", status, "text/plain", status == 204 || status == 304 ? "" : "as you see");
    Job job = call("/status");
    assertThat(output(job).path("status").asInt()).isEqualTo(status);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 599})
  void every_status_from_500_on_is_a_failure_that_is_retried(int status) throws Exception {
    on("/status", status, "text/plain", "out of order");
    Job job = run("{\"url\":\"" + url("/status") + "\"}");
    JobError error = error(job);
    assertThat(error.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
    assertThat(error.message()).isEqualTo("127.0.0.1 answered " + status + ".");
    assertThat(error.retryable()).isTrue();
    assertThat(Objects.requireNonNull(error.upstream()).text())
        .isEqualTo(
            "{\"provider\":\"127.0.0.1\",\"status\":" + status + ",\"message\":\"out of order\"}");
    assertThat(requests).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void a_host_that_says_when_to_come_back_makes_the_job_wait_without_an_attempt(int status)
      throws Exception {
    on(
        "/busy",
        exchange -> {
          if (requests.size() == 1) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            exchange.sendResponseHeaders(status, -1);
          } else {
            exchange.sendResponseHeaders(204, -1);
          }
        });
    Job job = call("/busy");
    assertThat(output(job).path("status").asInt()).isEqualTo(204);
    assertThat(output(job).path("body").isNull()).isTrue();
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(requests).hasSize(2);
  }

  @Test
  void what_cannot_be_reached_is_a_failure_that_tells_nothing_of_the_network() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = closed.getLocalPort();
    }
    JobError error = error(run("{\"url\":\"http://127.0.0.1:" + port + "/\"}"));
    assertThat(error.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
    assertThat(error.message()).isEqualTo("The host cannot be reached.");
    assertThat(error.attempt()).isEqualTo(5);
  }

  @Test
  void an_answer_that_comes_too_late_is_a_failure_that_is_retried() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    on(
        "/slow",
        exchange -> {
          try {
            if (requests.size() == 1 && never.await(20, TimeUnit.SECONDS)) {
              throw new IllegalStateException("awaited in vain");
            }
            exchange.sendResponseHeaders(204, -1);
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
    Job job = run("{\"url\":\"" + url("/slow") + "\",\"timeout\":\"300ms\"}");
    assertThat(output(job).path("status").asInt()).isEqualTo(204);
    assertThat(job.attempt()).isEqualTo(2);
  }

  @Test
  void a_canceled_job_closes_its_connection_within_a_second() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    on(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          called.countDown();
          try {
            while (true) {
              exchange.getResponseBody().write('x');
              exchange.getResponseBody().flush();
              Thread.sleep(20);
            }
          } catch (IOException | InterruptedException closed) {
            gone.countDown();
          }
        });
    JobId job = submit("{\"url\":\"" + url("/endless") + "\"}");
    assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
    engine.cancel(TenantId.DEFAULT, job);
    assertThat(gone.await(1, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"text\" | text | text/plain; charset=utf-8",
        "{\"a\":1.10} | {\"a\":1.10} | application/json",
        "[1] | [1] | application/json",
        "7 | 7 | application/json",
        "{\"base64\":\"Yf9i\"} | a\u00ffb | application/octet-stream",
        "{\"base64\":7} | {\"base64\":7} | application/json"
      })
  void a_body_is_sent_as_text_json_or_bytes(String body, String sent, String type)
      throws Exception {
    on("/in", 204, "text/plain", "");
    output(run("{\"method\":\"POST\",\"url\":\"" + url("/in") + "\",\"body\":" + body + "}"));
    assertThat(bodies).containsExactly(sent);
    HttpExchange request = requests.getFirst();
    assertThat(request.getRequestMethod()).isEqualTo("POST");
    assertThat(request.getRequestHeaders().getFirst("Content-Type")).isEqualTo(type);
  }

  @Test
  void headers_are_sent_as_given_and_the_type_of_the_body_is_the_callers() throws Exception {
    on("/in", 204, "text/plain", "");
    output(
        run(
            "{\"method\":\"PUT\",\"url\":\""
                + url("/in?a=%20b")
                + "\",\"headers\":{\"Authorization\":\"Bearer s\",\"content-type\":\"text/csv\"},"
                + "\"body\":\"a,b\"}"));
    HttpExchange request = requests.getFirst();
    assertThat(request.getRequestURI()).hasToString("/in?a=%20b");
    assertThat(request.getRequestHeaders().get("Content-Type")).containsExactly("text/csv");
    assertThat(request.getRequestHeaders().getFirst("Authorization")).isEqualTo("Bearer s");
    assertThat(request.getRequestHeaders().getFirst("User-Agent")).isEqualTo("Coatcheck");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/plain | Gr\u00fc\u00dfe | \"Gr\u00fc\u00dfe\"",
        "text/html;charset=UTF-8 | <p> | \"<p>\"",
        "application/json | {\"a\":1,\"a\":2} | \"{\\\"a\\\":1,\\\"a\\\":2}\"",
        "application/json | not json | \"not json\"",
        "application/problem+json | {} | {}",
        "application/json | null | null",
        "application/octet-stream | abc | {\"base64\":\"YWJj\"}",
        "image/png | abc | {\"base64\":\"YWJj\"}",
        "text/plain;charset=nonsense | abc | {\"base64\":\"YWJj\"}",
        "text/plain;charset=us-ascii | \u00e9 | {\"base64\":\"w6k=\"}"
      })
  void an_answer_is_read_by_what_its_headers_say(String type, String body, String read)
      throws Exception {
    on("/out", 200, type, body);
    assertThat(output(call("/out")).path("body")).hasToString(read);
  }

  @Test
  void a_compressed_answer_stays_compressed() throws Exception {
    on(
        "/zip",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/plain");
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, 3);
          exchange.getResponseBody().write(new byte[] {1, 2, 3});
        });
    assertThat(output(call("/zip")).path("body")).hasToString("{\"base64\":\"AQID\"}");
    assertThat(requests.getFirst().getRequestHeaders().getFirst("Accept-Encoding"))
        .isEqualTo("identity");
  }

  @Test
  void fields_of_one_name_are_joined() throws Exception {
    on(
        "/many",
        exchange -> {
          exchange.getResponseHeaders().add("X-Many", "1");
          exchange.getResponseHeaders().add("X-Many", "2");
          exchange.sendResponseHeaders(204, -1);
        });
    assertThat(output(call("/many")).path("headers").path("x-many").asString()).isEqualTo("1, 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/json",
        "application/octet-stream",
        "text/plain;charset=utf-16"
      })
  void a_large_answer_is_cut_to_what_an_output_can_hold(String type) throws Exception {
    for (String unit : List.of("x", "\"", "\u0001", "€", "👋\n", "{\"k\":1}")) {
      host.removeContext(host.createContext("/large"));
      on("/large", 200, type, unit.repeat(5_000));
      JsonNode output = output(call("/large"));
      host.removeContext("/large");
      assertThat(output.path("truncated").asBoolean()).as(unit).isTrue();
      assertThat(output.toString().length()).as(unit).isGreaterThan(1_000);
    }
  }

  @Test
  void text_that_only_grows_too_large_as_json_is_cut_too() throws Exception {
    on("/grows", 200, "text/plain", "\n".repeat(OUTPUT_MAX - 100));
    JsonNode output = output(call("/grows"));
    assertThat(output.path("truncated").asBoolean()).isTrue();
    assertThat(output.path("body").asString()).matches("\n{1800,2000}");
  }

  @Test
  void bytes_that_only_grow_too_large_as_base64_are_cut_too() throws Exception {
    on("/grows", 200, "image/png", new byte[OUTPUT_MAX - 100]);
    JsonNode output = output(call("/grows"));
    assertThat(output.path("truncated").asBoolean()).isTrue();
    assertThat(Base64.getDecoder().decode(output.path("body").path("base64").asString()))
        .hasSizeBetween(2_700, 3_000);
  }

  @Test
  void headers_that_leave_no_room_are_left_out() throws Exception {
    on(
        "/headers",
        exchange -> {
          exchange.getResponseHeaders().set("X-Large", "y".repeat(OUTPUT_MAX));
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
        });
    JsonNode output = output(call("/headers"));
    assertThat(output.path("headers")).isEmpty();
    assertThat(output.path("body").asString()).isEqualTo("ok");
    assertThat(output.path("truncated").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"url\":\"https://other.example/\" | other.example:443 is not allowed",
        "\"url\":\"ftp://127.0.0.1/\" | must start with https",
        "\"url\":\"http://user:pw@127.0.0.1/\" | user name or password",
        "\"url\":\"http://127.0.0.1:1/\",\"timeout\":\"16m\" | from 1ms to 15m",
        "\"url\":\"http://127.0.0.1:1/\",\"timeout\":\"0s\" | from 1ms to 15m",
        "\"url\":\"http://127.0.0.1:1/\",\"headers\":{\"Host\":\"x\"} | Host cannot be set",
        "\"url\":\"http://127.0.0.1:1/\",\"headers\":{\"A\":\"secret\\r\\nX: y\"} | header A has",
        "\"url\":\"http://127.0.0.1:1/\",\"body\":{\"base64\":\"?\"} | not base64"
      })
  void what_cannot_be_sent_fails_for_good_and_says_why(String members, String message)
      throws Exception {
    JobError error = error(run("{" + members + "}"));
    assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED_INPUT);
    assertThat(error.message()).contains(message).doesNotContain("secret");
    assertThat(error.attempt()).isEqualTo(1);
  }

  @Test
  void no_host_is_called_until_one_is_named() throws Exception {
    serve("");
    assertThat(error(call("/")).message())
        .isEqualTo("No host is allowed: the operator names hosts in workers.http.allow.");
    serve("*");
    on("/", 204, "text/plain", "");
    assertThat(output(call("/")).path("status").asInt()).isEqualTo(204);
  }
}
