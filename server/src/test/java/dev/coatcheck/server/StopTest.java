package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.handler.Reply;
import dev.coatcheck.server.config.ConfigLoader;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.worker.WorkerSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops leaves nobody hanging and loses nothing. */
class StopTest {

  @Test
  void streams_and_waits_end_requests_finish_and_the_connection_is_refused_afterwards()
      throws Exception {
    TestServer server = TestServer.start();
    Client client = server.client;
    String id = client.submitted("held", "1");
    client.until(id, "running");
    SseReader stream = new SseReader(client, "/v1/jobs/" + id + "/events");
    assertThat(stream.next().orElseThrow().type()).isEqualTo("snapshot");
    CompletableFuture<Client.Answer> waiting =
        CompletableFuture.supplyAsync(() -> client.get("/v1/jobs/" + id, "Prefer", "wait=60"));
    CompletableFuture<Client.Answer> submitting =
        CompletableFuture.supplyAsync(() -> client.submit("held", "2", "Prefer", "wait=60"));
    Awaitility.await().until(() -> client.get("/v1/jobs?status=running").get("data").size() == 2);
    Instant start = Instant.now();
    server.server.stop();
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    List<SseReader.Event> rest = stream.all();
    assertThat(rest).noneMatch(event -> event.type().equals("done"));
    assertThat(waiting.get(5, TimeUnit.SECONDS).status()).isEqualTo(200);
    assertThat(waiting.get().get("done").asBoolean()).isFalse();
    assertThat(submitting.get(5, TimeUnit.SECONDS).status()).isEqualTo(202);
    org.assertj.core.api.Assertions.assertThatThrownBy(() ->
            new RawSocket(
                Integer.parseInt(client.base.substring(client.base.lastIndexOf(':') + 1))))
        .isInstanceOf(IOException.class);
    server.close();
  }

  @Test
  void a_server_that_drains_is_not_ready_and_takes_no_jobs() throws Exception {
    try (TestServer server = TestServer.start()) {
      server.server.drain();
      server.client.get("/health/ready").isProblem(503, "draining");
      Client.Answer refused = server.client.submit("echo", "1").isProblem(503, "draining");
      assertThat(refused.header("Retry-After")).isEqualTo("5");
      assertThat(server.client.get("/health/live").status()).isEqualTo(200);
      assertThat(server.client.get("/v1/jobs").status()).isEqualTo(200);
    }
  }

  @Test
  void a_request_in_flight_is_answered_before_the_server_is_gone() throws Exception {
    TestServer server = TestServer.start();
    CountDownLatch started = new CountDownLatch(1);
    server.serve(
        WorkerSpec.of("short"),
        (context, input) -> {
          started.countDown();
          return Reply.completed(input);
        });
    try (RawSocket socket = new RawSocket(server.server.port())) {
      String body = "{\"worker\":\"short\",\"input\":1}";
      socket.send(
          "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Expect: 100-continue\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n");
      // Asked for by the route: before that the request might not be in flight yet.
      assertThat(socket.reply().status()).isEqualTo(100);
      socket.send(body.substring(0, 5));
      CompletableFuture<Void> stop = CompletableFuture.runAsync(server.server::stop);
      Awaitility.await().until(() -> refuses(server));
      RawSocket.Reply reply = socket.send(body.substring(5)).reply();
      assertThat(reply.status()).isIn(202, 503);
      stop.get(20, TimeUnit.SECONDS);
    }
    server.close();
  }

  private static boolean refuses(TestServer server) {
    String base = server.client.base;
    try (RawSocket socket =
        new RawSocket(Integer.parseInt(base.substring(base.lastIndexOf(':') + 1)))) {
      return socket == null;
    } catch (IOException refused) {
      return true;
    }
  }

  @Test
  void work_in_flight_is_handed_back_and_done_after_the_restart(@TempDir Path folder)
      throws Exception {
    ServerConfig config =
        ConfigLoader.load(
            Optional.empty(),
            Map.of(),
            Map.of("server.port", "0", "server.grace", "100ms", "data.dir", folder.toString()));
    Coatcheck first = Coatcheck.start(config);
    Client client = new Client(first.url());
    String quick = client.submit("simulate", "{}", "Prefer", "wait=20").id();
    String slow = client.submitted("simulate", "{\"duration_ms\":4000}");
    client.until(slow, "running");
    String later =
        client.post("/v1/jobs", "{\"worker\":\"simulate\",\"input\":{},\"delay\":\"1h\"}").id();
    first.stop();
    Coatcheck second = Coatcheck.start(config);
    try {
      Client again = new Client(second.url());
      assertThat(again.job(quick).get("status").asString()).isEqualTo("succeeded");
      assertThat(again.job(later).get("wait_reason").asString()).isEqualTo("scheduled");
      Client.Answer done = again.until(slow, "succeeded");
      assertThat(done.get("attempt").asInt()).isEqualTo(1);
    } finally {
      second.stop();
    }
  }
}
