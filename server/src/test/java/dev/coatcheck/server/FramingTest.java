package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.server.RawSocket.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent byte by byte. Each test ends with the proof that the server still answers. */
class FramingTest {

  private static final String POST =
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Reply send(String text) throws IOException {
    try (RawSocket socket = new RawSocket(server.server.port())) {
      return socket.send(text).reply();
    }
  }

  /** The answer is a problem in the common form, and the connection ends after it. */
  private static void refused(String text, int... statuses) throws IOException {
    try (RawSocket socket = new RawSocket(server.server.port())) {
      Reply reply = socket.send(text).reply();
      assertThat(statuses).as(reply.toString()).contains(reply.status());
      isProblem(reply);
      assertThat(socket.ended()).as("connection closed").isTrue();
    }
    stillServes();
  }

  private static void isProblem(Reply reply) {
    assertThat(reply.header()).contains("application/problem+json").contains("X-Request-Id: req_");
    assertThat(reply.has("X-Content-Type-Options: nosniff")).isTrue();
    assertThat(reply.has("Cache-Control: no-store")).isTrue();
    assertThat(reply.has("\r\nServer:")).isFalse();
    assertThat(Client.MAPPER.readTree(reply.body()).path("status").asInt())
        .isEqualTo(reply.status());
  }

  private static void stillServes() {
    assertThat(server.client.get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void a_body_that_stops_half_way_is_answered_408_and_closed() throws IOException {
    Instant start = Instant.now();
    refused(POST + "Content-Length: 10\r\n\r\n{\"wor", 408);
    assertThat(Duration.between(start, Instant.now()))
        .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(12));
  }

  @Test
  void a_body_that_drips_below_a_kilobyte_a_second_is_answered_408() throws Exception {
    try (RawSocket socket = new RawSocket(server.server.port())) {
      socket.send(POST + "Content-Length: 1000\r\n\r\n");
      Instant start = Instant.now();
      Thread drip =
          Thread.startVirtualThread(() -> {
            try {
              while (true) {
                socket.send(" ");
                Thread.sleep(200);
              }
            } catch (IOException | InterruptedException ended) {
              // The server has closed.
            }
          });
      Reply reply = socket.reply();
      drip.interrupt();
      assertThat(reply.status()).isEqualTo(408);
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(12));
    }
    stillServes();
  }

  @Test
  void headers_that_drip_byte_by_byte_are_cut_after_ten_seconds() throws Exception {
    try (RawSocket socket = new RawSocket(server.server.port());
        RawSocket silent = new RawSocket(server.server.port())) {
      Instant start = Instant.now();
      socket.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: ");
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> closed(socket));
      assertThat(Duration.between(start, Instant.now()))
          .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(15));
      assertThat(silent.ended()).isTrue();
    }
    stillServes();
  }

  /** Sends one more byte of a header; whether the other side has gone. */
  private static boolean closed(RawSocket socket) {
    try {
      socket.send("x");
      return false;
    } catch (IOException gone) {
      return true;
    }
  }

  @Test
  void length_and_chunks_together_are_refused() throws IOException {
    refused(POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
  }

  @Test
  void two_lengths_are_refused() throws IOException {
    refused(POST + "Content-Length: 4\r\nContent-Length: 5\r\n\r\n{}  ", 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "+5", "1e3", "0x10", "12345678901234567890"})
  void a_length_that_is_no_number_is_refused(String length) throws IOException {
    refused(POST + "Content-Length: " + length + "\r\n\r\n{}", 400, 413);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
        "2;x=\"\r\nGET /v1/jobs HTTP/1.1\"\r\n{}\r\n0\r\n\r\n",
        "2\n{}\n0\n\n",
        "zz\r\n{}\r\n0\r\n\r\n"
      })
  void chunks_of_bad_form_are_refused(String chunks) throws IOException {
    refused(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks, 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/jobs HTTP/1.1\r\n\r\n",
        "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\n\r\n",
        "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
        "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n",
        "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
        "GET /v1/jobs HTTP/1.1\nHost: localhost\n\n",
        "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n"
      })
  void headers_of_bad_form_are_refused(String request) throws IOException {
    refused(request, 400, 501);
  }

  @Test
  void too_many_or_too_long_headers_are_refused_with_431() throws IOException {
    refused("GET / HTTP/1.1\r\nHost: localhost\r\n" + "X: y\r\n".repeat(100) + "\r\n", 431);
    refused("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(17 * 1024) + "\r\n\r\n", 431);
    Reply fits =
        send(
            "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: "
                + "y".repeat(15_000)
                + "\r\n\r\n");
    assertThat(fits.status()).isEqualTo(200);
  }

  @Test
  void a_url_of_nine_kilobytes_is_refused_with_414() throws IOException {
    refused("GET /" + "a".repeat(9 * 1024) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414);
    refused("GET /" + "a".repeat(40 * 1024) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, 431);
  }

  @Test
  void a_foreign_host_in_the_request_line_is_refused() throws IOException {
    Reply reply = send("GET http://other/v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(reply.status()).isIn(400, 421);
    Reply both = send("GET http://other/v1/jobs HTTP/1.1\r\nHost: other\r\n\r\n");
    assertThat(both.status()).isEqualTo(421);
    isProblem(both);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/3.7\r\n\r\n",
        "x\r\n\r\n"
      })
  void other_versions_and_noise_are_refused(String request) throws IOException {
    refused(request, 400, 505, 426);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FOO", "TRACE", "CONNECT", "QUERY", "get"})
  void unknown_methods_are_refused(String method) throws IOException {
    String target = method.equals("CONNECT") ? "localhost:80" : "/v1/jobs";
    Reply reply = send(method + " " + target + " HTTP/1.1\r\nHost: localhost:80\r\n\r\n");
    assertThat(reply.status()).isIn(400, 405, 501);
    isProblem(reply);
    if (reply.status() == 405) {
      assertThat(reply.header()).contains("Allow: ");
    }
  }

  @Test
  void pipelined_requests_are_answered_in_order() throws IOException {
    try (RawSocket socket = new RawSocket(server.server.port())) {
      socket.send(
          "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"
              .repeat(500));
      for (int i = 0; i < 500; i++) {
        assertThat(socket.reply().status()).isEqualTo(200);
        assertThat(socket.reply().status()).isEqualTo(404);
      }
    }
  }

  @Test
  void an_announced_body_that_is_too_large_is_refused_before_it_is_sent() throws IOException {
    refused(POST + "Expect: 100-continue\r\nContent-Length: 2000000\r\n\r\n", 413);
    try (RawSocket socket = new RawSocket(server.server.port())) {
      String body = "{\"worker\":\"echo\",\"input\":1}";
      socket.send(POST + "Expect: 100-continue\r\nContent-Length: " + body.length() + "\r\n\r\n");
      assertThat(socket.reply().status()).isEqualTo(100);
      assertThat(socket.send(body).reply().status()).isEqualTo(202);
    }
  }

  @Test
  void an_unknown_expectation_is_refused_with_417() throws IOException {
    refused(POST + "Expect: foo\r\nContent-Length: 2\r\n\r\n{}", 417);
  }

  @Test
  void a_chunked_body_is_cut_at_the_limit() throws IOException {
    String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
    refused(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17), 413);
  }

  @Test
  void a_compressed_body_is_refused_with_415() throws IOException {
    Reply reply = send(POST + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}");
    assertThat(reply.status()).isEqualTo(415);
    isProblem(reply);
  }

  @ParameterizedTest
  @CsvSource({
    "//v1/jobs, 400 404",
    "/v1//jobs, 400 404",
    "/v1/jobs/, 404",
    "/v1%2fjobs, 400 404",
    "/v1/jobs;x=1, 400 404",
    "/v1/jobs;, 400 404",
    "/health/..%2fv1/jobs, 400 404",
    "/health/../v1/jobs, 400 404",
    "/v1/./jobs, 400 404",
    "/v1/jobs%00, 400 404",
    "/V1/jobs, 404",
    "/v1/jobs/job_%2e%2e, 400 404"
  })
  void other_spellings_of_a_path_lead_nowhere(String path, String statuses) throws IOException {
    Reply reply = send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(statuses.split(" ", -1))
        .as(reply.toString())
        .contains(String.valueOf(reply.status()));
    isProblem(reply);
  }

  @Test
  void head_answers_like_get_without_a_body_and_options_lists_methods() throws IOException {
    try (RawSocket socket = new RawSocket(server.server.port())) {
      Reply get = socket.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").reply();
      Reply head = socket.send("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").reply(true);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.has("Content-Length: " + get.body().length())).isTrue();
      Reply missing =
          socket.send("HEAD /v1/jobs/job_unknown HTTP/1.1\r\nHost: localhost\r\n\r\n").reply(true);
      assertThat(missing.status()).isEqualTo(404);
      Reply options = socket.send("OPTIONS /v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n").reply();
      assertThat(options.status()).isEqualTo(204);
      assertThat(options.has("\r\nContent-Type:")).isFalse();
      assertThat(options.has("Allow: GET, HEAD, OPTIONS, POST")).isTrue();
      assertThat(options.header()).contains("X-Request-Id: req_");
      Reply delete = socket.send("DELETE /v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n").reply();
      assertThat(delete.status()).isEqualTo(405);
      assertThat(delete.has("Allow: GET, HEAD, OPTIONS, POST")).isTrue();
      isProblem(delete);
    }
  }
}
