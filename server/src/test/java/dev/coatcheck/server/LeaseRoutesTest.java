package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.server.Client.Answer;
import dev.coatcheck.server.Runner.Lease;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runners that ask for work and wait for it. */
class LeaseRoutesTest {

  private TestServer server;
  private Client client;
  private Runner runner;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    client = server.client;
    runner = new Runner(client);
    Runner.define(client, Runner.OUTSIDE, "\"description\":\"elsewhere\"");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void nobody_waits_longer_than_asked_and_work_comes_as_soon_as_it_is_there() throws Exception {
    Answer none = runner.ask(Runner.OUTSIDE, 1, "0ms");
    assertThat(none.status()).isEqualTo(200);
    assertThat(none.get("leases").isEmpty()).isTrue();
    CompletableFuture<List<Lease>> waiting =
        CompletableFuture.supplyAsync(() -> runner.leases(Runner.OUTSIDE, 4));
    Awaitility.await().until(() -> server.engine.runners(Runner.OUTSIDE) > 0);
    String id = client.submitted(Runner.OUTSIDE, "1");
    assertThat(waiting.get(5, TimeUnit.SECONDS)).singleElement().returns(id, Lease::job);
  }

  @Test
  void an_order_is_checked() {
    client
        .post("/v1/runners/lease", "{\"workers\":[\"nobody\"]}")
        .isProblem(404, "worker_not_found");
    Answer builtin = client.post("/v1/runners/lease", "{\"workers\":[\"outside\",\"echo\"]}");
    builtin.isProblem(422, "worker_not_pull");
    assertThat(builtin.pointers()).containsExactly("/workers/1");
    Answer wrong =
        client.post(
            "/v1/runners/lease",
            "{\"runner\":\"run_x\",\"name\":1,\"workers\":\"a\",\"max\":101,\"wait\":\"61s\"}");
    wrong.isProblem(422, "validation_failed");
    assertThat(wrong.pointers())
        .containsExactlyInAnyOrder("/runner", "/name", "/workers", "/max", "/wait");
    client.post("/v1/runners/lease", "{}").isProblem(422, "validation_failed");
    client.post("/v1/runners/lease", "{\"workers\":[]}").isProblem(422, "validation_failed");
    Answer unknown = client.post("/v1/runners/lease", "{\"worker\":[\"outside\"]}");
    unknown.isProblem(400, "unknown_field");
    assertThat(unknown.get("detail").asString()).contains("did you mean workers?");
    client.post("/v1/runners/lease?x=1", "{}").isProblem(400, "invalid_request");
    assertThat(client.method("GET", "/v1/runners/lease").status()).isEqualTo(405);
  }

  @Test
  void a_server_that_drains_lets_those_who_wait_go_and_gives_no_more() throws Exception {
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(() -> new Runner(client).ask(Runner.OUTSIDE, 1, "60s"));
    Awaitility.await().until(() -> server.engine.runners(Runner.OUTSIDE) > 0);
    Instant start = Instant.now();
    server.server.drain();
    Answer let = waiting.get(5, TimeUnit.SECONDS);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
    let.isProblem(503, "draining");
    assertThat(let.header("Retry-After")).isEqualTo("5");
    runner.ask(Runner.OUTSIDE, 1, "60s").isProblem(503, "draining");
  }

  @Test
  void a_runner_that_has_gone_while_it_waited_costs_the_next_job_nothing() throws Exception {
    try (RawSocket socket = new RawSocket(server.server.port())) {
      waitForWork(socket);
    }
    String id = client.submitted(Runner.OUTSIDE, "1");
    Lease lease = runner.lease(Runner.OUTSIDE);
    assertThat(lease.job()).isEqualTo(id);
    assertThat(client.get("/v1/jobs/" + id + "/attempts").get("data").size()).isEqualTo(1);
  }

  @Test
  void a_request_that_was_sent_while_the_one_before_waited_is_answered_after_it() throws Exception {
    try (RawSocket socket = new RawSocket(server.server.port())) {
      waitForWork(socket);
      socket.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
      String id = client.submitted(Runner.OUTSIDE, "1");
      assertThat(socket.reply().body()).contains(id);
      assertThat(socket.reply().body()).isEqualTo("{\"status\":\"live\"}");
    }
  }

  private void waitForWork(RawSocket socket) throws IOException {
    String body = "{\"workers\":[\"outside\"],\"wait\":\"60s\"}";
    socket.send(
        "POST /v1/runners/lease HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
    Awaitility.await().until(() -> server.engine.runners(Runner.OUTSIDE) > 0);
  }
}
