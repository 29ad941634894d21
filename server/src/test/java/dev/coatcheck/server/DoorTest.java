package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.server.RawSocket.Reply;
import dev.coatcheck.server.config.ConfigException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may come in. */
class DoorTest {

  private static final String KEY = "0123456789abcdef0123456789abcdef";

  private static TestServer open;
  private static TestServer closed;

  @BeforeAll
  static void start() throws Exception {
    open = TestServer.start();
    closed = TestServer.with(Map.of("admin_key", KEY));
  }

  @AfterAll
  static void stop() {
    open.close();
    closed.close();
  }

  private static Reply send(TestServer server, String path, String... headers) throws IOException {
    try (RawSocket socket = new RawSocket(server.server.port())) {
      String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      return socket.send("GET " + path + " HTTP/1.1\r\n" + lines + "\r\n").reply();
    }
  }

  private static void refused(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(Client.MAPPER.readTree(reply.body()).path("code").asString()).isEqualTo(code);
    assertThat(reply.header()).contains("X-Request-Id: req_");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "localhost:1", "127.0.0.1:8080", "[::1]", "[::1]:99", "LOCALHOST"})
  void an_open_server_answers_for_loopback_hosts(String host) throws IOException {
    assertThat(send(open, "/v1/jobs", "Host: " + host).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example, /v1/jobs",
    "evil.example, /metrics",
    "evil.example, /health/live",
    "evil.example, /nowhere",
    "evil.example, /",
    "localhost.evil.example, /v1/jobs",
    "localhost., /v1/jobs",
    "127.0.0.2, /v1/jobs",
    "127.1, /v1/jobs",
    "0.0.0.0, /v1/jobs",
    "[::], /v1/jobs",
    "192.168.0.1:8080, /v1/jobs"
  })
  void an_open_server_refuses_every_other_host_on_every_path(String host, String path)
      throws IOException {
    refused(send(open, path, "Host: " + host), 421, "host_not_allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void an_open_server_refuses_other_sites(String header) throws IOException {
    refused(send(open, "/v1/jobs", "Host: localhost", header), 403, "cross_origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://localhost:7",
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: none"
      })
  void an_open_server_answers_its_own_pages(String header) throws IOException {
    assertThat(send(open, "/v1/jobs", "Host: localhost:7", header).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded: for=1.2.3.4",
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: localhost",
        "X-Real-IP: 1.2.3.4",
        "Via: 1.1 proxy",
        "CF-Connecting-IP: 1.2.3.4",
        "CF-Ray: 1"
      })
  void an_open_server_refuses_what_came_through_a_proxy(String header) throws IOException {
    refused(send(open, "/v1/jobs", "Host: localhost", header), 403, "open_mode_forwarded");
    refused(send(open, "/health/live", "Host: localhost", header), 403, "open_mode_forwarded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: none",
        "Authorization: Bearer",
        "Authorization: Bearer ",
        "Authorization: Basic " + KEY,
        "Authorization: " + KEY,
        "Authorization: Bearer 0123456789abcdef0123456789abcdeX",
        "X-Api-Key: ",
        "X-Api-Key: wrong"
      })
  void a_closed_server_refuses_requests_without_the_key(String header) throws IOException {
    for (String path : new String[] {"/v1/jobs", "/metrics", "/v1/system", "/", "/nowhere"}) {
      Reply reply = send(closed, path, "Host: localhost", header);
      refused(reply, 401, "unauthenticated");
      assertThat(reply.has("WWW-Authenticate: Bearer")).isTrue();
    }
  }

  @Test
  void a_closed_server_answers_requests_with_the_key_and_health_to_all() throws IOException {
    String[] headers = {
      "X-Api-Key: " + KEY, "Authorization: Bearer " + KEY, "authorization: bearer " + KEY
    };
    for (String header : headers) {
      assertThat(send(closed, "/v1/jobs", "Host: coatcheck.example", header).status())
          .isEqualTo(200);
    }
    assertThat(send(closed, "/health/live", "Host: any").status()).isEqualTo(200);
    assertThat(send(closed, "/health/ready", "Host: any").status()).isEqualTo(200);
  }

  @Test
  void two_keys_are_none() throws IOException {
    String header = "Authorization: Bearer " + KEY;
    refused(send(closed, "/v1/jobs", "Host: a", header, header), 401, "unauthenticated");
    refused(send(closed, "/v1/jobs", "Host: a", header, "X-Api-Key: x"), 401, "unauthenticated");
  }

  @Test
  void a_key_in_the_url_is_refused_even_if_it_is_right() throws IOException {
    String header = "X-Api-Key: " + KEY;
    refused(send(closed, "/v1/jobs?api_key=" + KEY, "Host: a"), 401, "key_in_url");
    refused(send(closed, "/v1/jobs?token=" + KEY, "Host: a", header), 401, "key_in_url");
  }

  @Test
  void urls_of_a_closed_server_do_not_come_from_the_host_header() throws IOException {
    try (RawSocket socket = new RawSocket(closed.server.port())) {
      String body = "{\"worker\":\"echo\",\"input\":1}";
      Reply reply =
          socket
              .send(
                  "POST /v1/jobs HTTP/1.1\r\nHost: evil.example\r\nX-Api-Key: "
                      + KEY
                      + "\r\nContent-Type: application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
              .reply();
      assertThat(reply.status()).isEqualTo(202);
      assertThat(reply.header()).contains("Location: http://127.0.0.1:");
      assertThat(reply.toString()).doesNotContain("evil.example");
    }
  }

  @Test
  void a_public_url_is_what_urls_start_with() throws Exception {
    try (TestServer server =
        TestServer.with(Map.of("server.public_url", "https://jobs.example/coat/"))) {
      Reply reply = send(server, "/v1/jobs", "Host: localhost");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(server.server.url()).isEqualTo("https://jobs.example/coat");
    }
  }

  @Test
  void a_host_that_others_can_reach_needs_a_key() {
    assertThatThrownBy(() -> TestServer.with(Map.of("server.host", "0.0.0.0")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("COATCHECK_ADMIN_KEY");
    assertThatThrownBy(() -> TestServer.with(Map.of("admin_key", "short")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("32 characters")
        .hasMessageNotContaining("short");
  }

  @Test
  void the_mode_is_told() {
    assertThat(open.client.get("/v1/system").get("mode").asString()).isEqualTo("open");
    assertThat(closed.client.get("/v1/system", "X-Api-Key", KEY).get("mode").asString())
        .isEqualTo("closed");
  }
}
