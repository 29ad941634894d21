package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.coatcheck.server.config.ConfigLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server, and what its callers can make it call. */
class WayOutTest {

  @TempDir Path data;

  private final HttpServer target;

  WayOutTest() throws IOException {
    target = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    target.createContext(
        "/",
        exchange -> {
          byte[] body = "{\"said\":\"hello\"}".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    target.start();
  }

  @AfterEach
  void stop() {
    target.stop(0);
  }

  /** A whole server and a client of it. */
  private record Running(Coatcheck server, Client client) implements AutoCloseable {

    Client.Answer call(String url) {
      String id = client.submitted("http", "{\"url\":\"" + url + "\"}");
      return client.get("/v1/jobs/" + id, "Prefer", "wait=20");
    }

    @Override
    public void close() {
      server.stop();
    }
  }

  private Running start(Map<String, String> settings) throws Exception {
    Map<String, String> flags =
        new HashMap<>(
            Map.of("server.port", "0", "server.grace", "5s", "data.dir", data.toString()));
    flags.putAll(settings);
    Coatcheck server = Coatcheck.start(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    return new Running(server, new Client("http://127.0.0.1:" + server.port()));
  }

  private String target() {
    return "http://127.0.0.1:" + target.getAddress().getPort() + "/";
  }

  @Test
  void an_http_job_brings_back_what_an_allowed_host_says() throws Exception {
    try (Running running =
        start(Map.of("outbound.allow", "127.0.0.0/8", "workers.http.allow", "127.0.0.1"))) {
      Client.Answer job = running.call(target());
      assertThat(job.get("status").asString()).as(job.text()).isEqualTo("succeeded");
      assertThat(job.get("output").path("status").asInt()).isEqualTo(200);
      assertThat(job.get("output").path("body").path("said").asString()).isEqualTo("hello");
    }
  }

  @Test
  void no_host_can_be_called_unless_the_operator_names_it() throws Exception {
    try (Running running = start(Map.of())) {
      for (String url : List.of(target(), "https://example.com/")) {
        Client.Answer job = running.call(url);
        assertThat(job.get("status").asString()).isEqualTo("failed");
        assertThat(job.get("error").path("code").asString()).isEqualTo("unsupported_input");
        assertThat(job.get("error").path("retryable").asBoolean()).isFalse();
        assertThat(job.get("error").path("message").asString()).contains("workers.http.allow");
      }
    }
  }

  @Test
  void the_server_does_not_call_itself_however_much_is_allowed() throws Exception {
    try (Running running =
        start(
            Map.of(
                "outbound.allow",
                "0.0.0.0/0, ::/0, localhost",
                "outbound.allow_link_local",
                "true",
                "workers.http.allow",
                "*"))) {
      int port = running.server().port();
      for (String host :
          List.of("127.0.0.1", "127.7.7.7", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]")) {
        Client.Answer job = running.call("http://" + host + ":" + port + "/v1/jobs");
        assertThat(job.get("status").asString()).as(host).isEqualTo("failed");
        assertThat(job.get("error").path("message").asString())
            .as(host)
            .isEqualTo("The address is not allowed: it is a socket of the server itself.");
      }
      String id =
          running
              .client()
              .post(
                  "/v1/jobs",
                  "{\"worker\":\"http\",\"max_attempts\":1,\"input\":{\"url\":\"http://localhost:"
                      + port
                      + "/\"}}")
              .id();
      Client.Answer byName = running.client().until(id, "failed");
      assertThat(byName.get("error").path("message").asString())
          .isEqualTo("The host cannot be reached.");
      assertThat(running.call(target()).get("status").asString()).isEqualTo("succeeded");
    }
  }

  @Test
  void the_server_does_not_call_itself_by_its_public_name() throws Exception {
    try (Running running =
        start(Map.of("server.public_url", "https://jobs.example.com", "workers.http.allow", "*"))) {
      Client.Answer job = running.call("https://jobs.example.com/v1/jobs");
      assertThat(job.get("error").path("message").asString())
          .isEqualTo("The URL leads to this server itself.");
    }
  }

  @Test
  void headers_that_frame_a_request_and_unknown_members_are_refused_at_submission()
      throws Exception {
    try (Running running = start(Map.of("workers.http.allow", "*"))) {
      for (String member :
          List.of(
              "\"headers\":{\"HOST\":\"x\"}",
              "\"headers\":{\"Content-Length\":\"1\"}",
              "\"headers\":{\"transfer-Encoding\":\"chunked\"}",
              "\"headers\":{\"A\":\"b\\r\\nC: d\"}",
              "\"headers\":{\"A b\":\"c\"}",
              "\"method\":\"TRACE\"",
              "\"timeout\":60",
              "\"timeout\":\"60\"",
              "\"redirect\":true")) {
        running
            .client()
            .submit("http", "{\"url\":\"https://example.com/\"," + member + "}")
            .isProblem(422, "validation_failed");
      }
      running.client().submit("http", "{}").isProblem(422, "validation_failed");
    }
  }
}
