package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a body is taken and how it is passed on. */
class JsonEdgeTest {

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{\"worker\":\"echo\",\"input\":1",
        "{\"worker\":\"echo\",\"input\":1,}",
        "{\"worker\":\"echo\",\"input\":[1,]}",
        "{\"worker\":\"echo\",/* c */\"input\":1}",
        "{\"worker\":\"echo\",\"input\":1} x",
        "{\"worker\":\"echo\",\"input\":1}{}",
        "{\"worker\":\"echo\",\"worker\":\"echo\",\"input\":1}",
        "{\"worker\":\"echo\",\"input\":{\"a\":1,\"a\":2}}",
        "{\"worker\":\"echo\",\"input\":{\"a\":1,\"\\u0061\":2}}",
        "{\"worker\":\"echo\",\"input\":NaN}",
        "{\"worker\":\"echo\",\"input\":Infinity}",
        "{\"worker\":\"echo\",\"input\":01}",
        "{\"worker\":\"echo\",\"input\":+1}",
        "{\"worker\":\"echo\",\"input\":.5}",
        "{\"worker\":\"echo\",\"input\":'x'}",
        "{\"worker\":\"echo\",\"input\":\"\\ud800\"}",
        "{\"worker\":\"echo\",\"input\":\"\\udc00\\ud800\"}",
        "{\"worker\":\"echo\",\"input\":{\"\\ud83d\":1}}",
        "{\"worker\":\"echo\",\"input\":1e999999999}",
        "{\"worker\":\"echo\",\"input\":1e99999999999999}",
        "{\"worker\":\"echo\",\"input\":\"a\nb\"}",
        "\uFEFF{\"worker\":\"echo\",\"input\":1}"
      })
  void text_that_is_not_strict_json_is_refused(String body) {
    client.post("/v1/jobs", body).isProblem(400, "invalid_json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"x\"", "1", "true"})
  void a_body_that_is_no_object_is_refused(String body) {
    client.post("/v1/jobs", body).isProblem(400, "invalid_request");
  }

  @Test
  void bytes_that_are_not_utf8_are_refused() {
    String text = "{\"worker\":\"echo\",\"input\":\"?\"}";
    byte[][] wrong = {
      {(byte) 0xFF},
      {(byte) 0xC0, (byte) 0x80},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xC3}
    };
    for (byte[] part : wrong) {
      int at = text.indexOf('?');
      byte[] body = new byte[text.length() - 1 + part.length];
      System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, body, 0, at);
      System.arraycopy(part, 0, body, at, part.length);
      System.arraycopy(
          text.getBytes(StandardCharsets.US_ASCII),
          at + 1,
          body,
          at + part.length,
          text.length() - at - 1);
      client.post("/v1/jobs", body).isProblem(400, "invalid_json");
    }
    client
        .post("/v1/jobs", "{\"worker\":\"echo\",\"input\":1}".getBytes(StandardCharsets.UTF_16))
        .isProblem(400, "invalid_json");
    client
        .post("/v1/jobs", "{\"worker\":\"echo\",\"input\":1}".getBytes(StandardCharsets.UTF_16LE))
        .isProblem(400, "invalid_json");
  }

  @Test
  void depth_and_length_are_bounded() {
    client.submit("echo", "[".repeat(63) + "]".repeat(63)).isProblemFree();
    client.submit("echo", "[".repeat(100) + "]".repeat(100)).isProblem(400, "invalid_json");
    client.post("/v1/jobs", "[".repeat(100_000)).isProblem(400, "invalid_json");
    client.submit("echo", "1".repeat(101)).isProblem(400, "invalid_json");
    client.submit("echo", "1".repeat(500_000)).isProblem(400, "invalid_json");
    client.submit("echo", "1".repeat(100)).isProblemFree();
  }

  @Test
  void a_hundred_thousand_colliding_keys_do_no_harm() {
    StringBuilder input = new StringBuilder("{\"x\":0");
    for (int i = 0; i < 40_000; i++) {
      StringBuilder key = new StringBuilder();
      for (int bit = 0; bit < 16; bit++) {
        key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      input.append(",\"").append(key, 0, 20).append(i).append("\":0");
    }
    Instant start = Instant.now();
    Client.Answer answer = client.submit("echo", input.append('}').toString());
    assertThat(answer.status()).isIn(202, 400, 413);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void a_client_that_sends_far_too_much_still_sees_the_answer() {
    String large = " ".repeat(8 << 20);
    for (int i = 0; i < 20; i++) {
      client.post("/v1/jobs", large).isProblem(413, "payload_too_large");
      client.post("/nowhere", large).isProblem(404, "not_found");
      client
          .post("/v1/jobs", large, "Content-Encoding", "gzip")
          .isProblem(415, "unsupported_media_type");
    }
  }

  @Test
  void a_body_one_byte_too_large_is_refused() {
    String start = "{\"worker\":\"echo\",\"input\":\"";
    int room = (1 << 20) - start.length() - 2;
    assertThat(client.post("/v1/jobs", start + "x".repeat(room) + "\"}").status()).isEqualTo(202);
    client
        .post("/v1/jobs", start + "x".repeat(room + 1) + "\"}")
        .isProblem(413, "payload_too_large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "application/jsonx",
        "multipart/form-data"
      })
  void a_body_of_another_type_is_refused(String type) {
    client
        .send(
            client
                .request("/v1/jobs")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("{}")))
        .isProblem(415, "unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "Application/JSON;charset=\"UTF-8\"",
        "application/json"
      })
  void json_in_utf8_is_taken(String type) {
    Client.Answer answer =
        client.send(
            client
                .request("/v1/jobs")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("{\"worker\":\"echo\",\"input\":1}")));
    assertThat(answer.status()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.10|1.10",
        "1e400|1e400",
        "-0|-0",
        "12345678901234567890|12345678901234567890",
        "1E+2|1E+2",
        "{ \"b\" : 1.0 , \"a\" : [ 1 , { } , \"x y\" ] }|{\"b\":1.0,\"a\":[1,{},\"x y\"]}",
        "\"\\u0000 \\\" \\\\ \\u00e9\"|\"\\u0000 \\\" \\\\ \\u00e9\"",
        "{\"__proto__\":1,\"$type\":\"x\",\"@class\":\"y\"}|{\"__proto__\":1,\"$type\":\"x\",\"@class\":\"y\"}",
        "null|null",
        "\"日本 😀\"|\"日本 😀\""
      })
  void input_is_passed_on_as_it_was_written(String input, String output) {
    String id = client.submitted("echo", input);
    client.until(id, "succeeded");
    assertThat(client.get("/v1/jobs/" + id + "/result").text()).isEqualTo(output);
    assertThat(client.job(id).text()).contains("\"input\":" + output + ",\"output\":" + output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state",
        "tenant_id",
        "fence",
        "price",
        "webhook",
        "cached",
        "id",
        "status",
        "inputs"
      })
  void unknown_members_are_refused_with_a_pointer(String name) {
    Client.Answer answer =
        client
            .post("/v1/jobs", "{\"worker\":\"echo\",\"input\":1,\"" + name + "\":0}")
            .isProblem(400, "unknown_field");
    assertThat(answer.pointers()).containsExactly("/" + name);
  }

  @Test
  void a_slip_of_the_pen_is_told() {
    Client.Answer answer =
        client
            .post("/v1/jobs", "{\"worker\":\"echo\",\"input\":1,\"priorty\":0,\"max_atempts\":1}")
            .isProblem(400, "unknown_field");
    assertThat(answer.text()).contains("did you mean priority?", "did you mean max_attempts?");
    assertThat(answer.pointers()).containsExactly("/priorty", "/max_atempts");
  }

  @Test
  void the_schema_of_the_worker_is_checked_before_a_job_is_accepted() {
    Client.Answer answer =
        client.submit("strict", "{\"sentences\":0,\"x~/y\":1}").isProblem(422, "validation_failed");
    assertThat(answer.pointers())
        .containsExactlyInAnyOrder("/input/text", "/input/sentences", "/input/x~0~1y");
    assertThat(answer.get("error").path("param").asString()).startsWith("/input");
    client.submit("strict", "{\"text\":1}").isProblem(422, "validation_failed");
    client.submit("strict", "[]").isProblem(422, "validation_failed");
    client
        .submit("strict", "{\"text\":\"x\",\"sentences\":1.5}")
        .isProblem(422, "validation_failed");
    client.submit("strict", "{\"text\":\"x\",\"sentences\":50}").isProblemFree();
    client
        .submit("strict", "{\"text\":\"x\",\"sentences\":1e400}")
        .isProblem(422, "validation_failed");
  }

  @Test
  void a_list_that_is_sent_as_a_query_or_accept_that_excludes_json_is_refused() {
    client.get("/v1/jobs", "Accept", "text/html").isProblem(406, "not_acceptable");
    client.get("/v1/jobs", "Accept", "application/json;q=0").isProblem(406, "not_acceptable");
    assertThat(client.get("/v1/jobs", "Accept", "text/html, */*;q=0.1").status()).isEqualTo(200);
    assertThat(client.get("/v1/jobs", "Accept", "application/*").status()).isEqualTo(200);
    assertThat(client.get("/metrics", "Accept", "text/plain").status()).isEqualTo(200);
  }
}
