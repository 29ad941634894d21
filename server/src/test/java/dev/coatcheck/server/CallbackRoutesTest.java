package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.JobId;
import dev.coatcheck.server.Client.Answer;
import dev.coatcheck.server.Runner.Lease;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Third parties that call back. */
class CallbackRoutesTest {

  private TestServer server;
  private Client client;
  private Runner runner;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    client = server.client;
    runner = new Runner(client);
    Runner.define(client, Runner.OUTSIDE, "");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Lease leased() {
    client.submitted(Runner.OUTSIDE, "1");
    return runner.lease(Runner.OUTSIDE);
  }

  private Answer call(Lease lease, byte[] body, String... headers) {
    HttpRequest.Builder request =
        client.request(lease.callback()).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return client.send(headers.length == 0 ? request : request.headers(headers));
  }

  private static String effect(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.get("received").asBoolean()).isTrue();
    return answer.get("effect").asString();
  }

  @Test
  void a_callback_is_taken_once_and_told_apart_by_its_id_or_its_body() {
    Lease lease = leased();
    lease.say("suspend", "{\"timeout\":\"1h\"}");
    assertThat(effect(client.post(lease.callback(), "{\"n\":1}", "webhook-id", "msg_1")))
        .isEqualTo("resumed");
    assertThat(effect(client.post(lease.callback(), "{\"n\":1}", "webhook-id", "msg_1")))
        .isEqualTo("duplicate");
    Answer reused = client.post(lease.callback(), "{\"n\":2}", "webhook-id", "msg_1");
    reused.isProblem(409, "id_reuse");
    assertThat(reused.get("instance").asString()).isEqualTo("/v1/callbacks/…");
    assertThat(effect(client.post(lease.callback(), "{\"n\":3}"))).isEqualTo("ignored");
    Lease again = runner.lease(Runner.OUTSIDE);
    assertThat(again.say("complete", "{}").status()).isEqualTo(200);
    assertThat(effect(client.post(lease.callback(), "{\"n\":4}"))).isEqualTo("ignored");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json; charset=utf-8 | {\"a\":1} | {\"a\":1}",
        "application/vnd.x+json | [1] | [1]",
        "application/json | {\"a\" | {\"text\":\"{\\\"a\\\"\"}",
        "text/plain | a=1 | {\"text\":\"a=1\"}",
        "application/x-www-form-urlencoded | a=1 | {\"text\":\"a=1\"}",
        "application/octet-stream | a=1 | {\"base64\":\"YT0x\"}",
        "image/png | a=1 | {\"base64\":\"YT0x\"}"
      })
  void what_came_is_given_on_as_what_it_is(String type, String body, String given) {
    Lease lease = leased();
    assertThat(
            effect(
                call(
                    lease,
                    body.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    "Content-Type",
                    type)))
        .isEqualTo("stored");
    lease.say("suspend", "{\"timeout\":\"1h\"}");
    JsonNode callback = runner.lease(Runner.OUTSIDE).json().at("/resume/callback");
    assertThat(callback.path("content_type").asString()).isEqualTo(type);
    assertThat(callback.path("body").toString()).isEqualTo(given);
  }

  @Test
  void a_body_that_is_no_text_or_has_no_type_is_given_on_as_bytes() {
    Lease lease = leased();
    assertThat(effect(call(lease, new byte[] {(byte) 0xFF}, "Content-Type", "text/plain")))
        .isEqualTo("stored");
    lease.say("suspend", "{\"timeout\":\"1h\"}");
    assertThat(runner.lease(Runner.OUTSIDE).json().at("/resume/callback/body").toString())
        .isEqualTo("{\"base64\":\"/w==\"}");
    Lease bare = leased();
    assertThat(effect(call(bare, new byte[0]))).isEqualTo("stored");
    bare.say("suspend", "{\"timeout\":\"1h\"}");
    assertThat(runner.lease(Runner.OUTSIDE).json().at("/resume/callback/body").toString())
        .isEqualTo("{\"base64\":\"\"}");
  }

  @Test
  void whatever_is_wrong_with_a_token_the_answer_is_the_same() {
    Lease lease = leased();
    String token = lease.callback().substring("/v1/callbacks/".length());
    String forged =
        CallbackToken.of(JobId.parse(lease.job()).orElseThrow(), 2, new Random(1)).wire();
    String foreign = CallbackToken.of(JobId.of(Instant.now(), 1, 1), 1, new Random(1)).wire();
    List<String> details = new ArrayList<>();
    for (String wrong : List.of("x", "cb_", token.substring(1), token + "AAAA", forged, foreign)) {
      Answer answer = client.post("/v1/callbacks/" + wrong, "{}").isProblem(404, "not_found");
      details.add(answer.get("detail").asString() + answer.get("instance").asString());
      assertThat(answer.text()).doesNotContain(wrong.length() > 10 ? wrong : "cb_x");
    }
    assertThat(details).allMatch(details.getFirst()::equals);
  }

  @Test
  void progress_shows_with_the_job_and_resumes_nothing() {
    Lease lease = leased();
    lease.say("suspend", "{\"timeout\":\"1h\"}");
    String url = lease.callback() + "?event=progress";
    assertThat(effect(client.post(url, "{\"fraction\":0.25,\"stage\":\"drawing\",\"other\":[1]}")))
        .isEqualTo("progress");
    Answer job = client.job(lease.job());
    assertThat(job.at("/progress/fraction").asDouble()).isEqualTo(0.25);
    assertThat(job.at("/progress/stage").asString()).isEqualTo("drawing");
    assertThat(job.get("wait_reason").asString()).isEqualTo("callback");
    assertThat(effect(client.post(url, "{\"fraction\":7,\"logs\":\"…\"}"))).isEqualTo("ignored");
    assertThat(effect(client.post(url, "{\"fraction\":922E360}"))).isEqualTo("ignored");
    assertThat(effect(client.post(url, "no json"))).isEqualTo("ignored");
    assertThat(client.job(lease.job()).at("/progress/fraction").asDouble()).isEqualTo(0.25);
    client.post(lease.callback() + "?event=done", "{}").isProblem(400, "invalid_request");
    client.post(lease.callback() + "?events=progress", "{}").isProblem(400, "invalid_request");
    client.post("/v1/callbacks/cb_x?event=progress", "no json").isProblem(404, "not_found");
  }

  @Test
  void a_body_has_a_limit_and_a_token_a_pace() {
    Lease lease = leased();
    call(lease, new byte[(1 << 20) + 1]).isProblem(413, "payload_too_large");
    assertThat(effect(call(lease, new byte[1 << 20]))).isEqualTo("stored");
    List<Answer> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      many.add(client.post(lease.callback() + "?event=progress", "{}"));
    }
    Answer refused =
        many.stream().filter(answer -> answer.status() == 429).findFirst().orElseThrow();
    refused.isProblem(429, "rate_limited");
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"callback\";q=10;w=1");
    // Others are not slowed by it.
    assertThat(effect(client.post(leased().callback(), "1"))).isEqualTo("stored");
  }

  @Test
  void a_closed_server_lets_callbacks_in_and_nothing_else() throws Exception {
    String key = "a key of 32 characters or even more";
    try (TestServer closed = TestServer.with(Map.of("admin_key", key))) {
      Client open = closed.client;
      String[] auth = {"Authorization", "Bearer " + key};
      assertThat(open.put("/v1/workers/outside", "{\"kind\":\"pull\"}", auth).status())
          .isEqualTo(201);
      open.put("/v1/workers/outside", "{\"kind\":\"pull\"}").isProblem(401, "unauthenticated");
      open.post("/v1/jobs", "{\"worker\":\"outside\",\"input\":1}", auth).isProblemFree();
      Answer given =
          open.post("/v1/runners/lease", "{\"workers\":[\"outside\"],\"wait\":\"10s\"}", auth);
      open.post("/v1/runners/lease", "{\"workers\":[\"outside\"]}")
          .isProblem(401, "unauthenticated");
      String url = given.at("/leases/0/callback/url").asString();
      Answer called = open.post(url.substring(url.indexOf("/v1/")), "{}");
      assertThat(effect(called)).isEqualTo("stored");
      open.method("GET", "/v1/callbacks/cb_x").isProblem(401, "unauthenticated");
      open.post("/v1/callbacks/cb_x/more", "{}").isProblem(401, "unauthenticated");
      open.post("/v1/callbacks/cb_x", "{}").isProblem(404, "not_found");
    }
  }
}
