package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyTest {

  private static TestServer server;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    client = server.client;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void the_same_key_and_submission_answer_the_job_as_it_is_now() {
    Client.Answer first = client.submit("held", "{\"a\":1,\"b\":2}", "Idempotency-Key", "k-1");
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.header("Idempotency-Replayed")).isEmpty();
    Client.Answer open =
        client.post(
            "/v1/jobs",
            " { \"input\" : {\"b\":2.0, \"a\":1 }, \"worker\":\"held\" }",
            "Idempotency-Key",
            "\"k-1\"");
    assertThat(open.status()).isEqualTo(202);
    assertThat(open.id()).isEqualTo(first.id());
    assertThat(open.header("Idempotency-Replayed")).isEqualTo("true");
    server.release(1);
    client.until(first.id(), "succeeded");
    Client.Answer done = client.submit("held", "{\"a\":1,\"b\":2}", "Idempotency-Key", "k-1");
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.id()).isEqualTo(first.id());
    assertThat(done.get("output").asString()).isEqualTo("released");
    assertThat(done.header("Idempotency-Replayed")).isEqualTo("true");
  }

  @Test
  void the_same_key_with_another_submission_is_refused() {
    String id = client.submit("echo", "1", "Idempotency-Key", "k-2").id();
    Client.Answer refused =
        client
            .submit("echo", "2", "Idempotency-Key", "k-2")
            .isProblem(422, "idempotency_key_reused");
    assertThat(refused.get("job_id").asString()).isEqualTo(id);
    client
        .submit("strict", "{\"text\":\"1\"}", "Idempotency-Key", "k-2")
        .isProblem(422, "idempotency_key_reused");
    client
        .post(
            "/v1/jobs",
            "{\"worker\":\"echo\",\"input\":1,\"priority\":1}",
            "Idempotency-Key",
            "k-2")
        .isProblem(422, "idempotency_key_reused");
  }

  @Test
  void a_key_holds_over_all_routes_that_submit() {
    String id = client.submit("echo", "1", "Idempotency-Key", "k-3").id();
    Client.Answer other = client.post("/v1/workers/echo/jobs", "1", "Idempotency-Key", "k-3");
    assertThat(other.id()).isEqualTo(id);
    assertThat(other.header("Idempotency-Replayed")).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", " "})
  void an_empty_key_is_refused(String key) {
    client.submit("echo", "1", "Idempotency-Key", key).isProblem(400, "idempotency_key_invalid");
  }

  @Test
  void a_key_that_is_too_long_or_given_twice_is_refused() throws Exception {
    client
        .submit("echo", "1", "Idempotency-Key", "x".repeat(256))
        .isProblem(400, "idempotency_key_invalid");
    client.submit("echo", "1", "Idempotency-Key", "x".repeat(255)).isProblemFree();
    client
        .submit("echo", "1", "Idempotency-Key", "a", "Idempotency-Key", "a")
        .isProblem(400, "idempotency_key_invalid");
    try (RawSocket socket = new RawSocket(server.server.port())) {
      String body = "{\"worker\":\"echo\",\"input\":1}";
      RawSocket.Reply reply =
          socket
              .send(
                  "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      + "Idempotency-Key: a\tb\u0001\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
              .reply();
      assertThat(reply.status()).isEqualTo(400);
    }
  }

  @Test
  void a_key_on_a_get_is_ignored() {
    assertThat(client.get("/v1/jobs", "Idempotency-Key", "").status()).isEqualTo(200);
  }

  @Test
  void sixty_four_submissions_at_once_under_one_key_make_one_job() throws Exception {
    Callable<String> submission =
        () -> client.submit("echo", "{\"x\":1}", "Idempotency-Key", "k-64").isProblemFree().id();
    Set<String> ids = new HashSet<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> all = Stream.generate(() -> submission).limit(64).toList();
      for (Future<String> each : callers.invokeAll(all)) {
        ids.add(each.get());
      }
    }
    assertThat(ids).hasSize(1);
  }

  @Test
  void a_refused_submission_does_not_use_its_key_up() {
    client.submit("strict", "{}", "Idempotency-Key", "k-5").isProblem(422, "validation_failed");
    client.submit("strict", "{\"text\":\"x\"}", "Idempotency-Key", "k-5").isProblemFree();
  }
}
