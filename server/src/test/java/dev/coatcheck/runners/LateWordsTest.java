package dev.coatcheck.runners;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * What {@code docs/reference/runner-protocol.md} says of words that are repeated or come too late.
 */
@Timeout(120)
class LateWordsTest {

  @TempDir private static Path folder;
  private static RealServer server;
  private static Api api;

  private String worker = "";
  private String runner = "null";

  @BeforeAll
  static void startServer() throws Exception {
    server = RealServer.start(folder.resolve("data"), Duration.ofSeconds(30));
    api = new Api(server.url());
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void defineWorker(TestInfo test) throws Exception {
    worker = "w" + Integer.toUnsignedString(test.getDisplayName().hashCode(), 36);
    api.define(worker, "\"retry\":{\"base\":\"1ms\",\"max\":\"1ms\"}");
  }

  /** The next lease, as a runner gets it. */
  private JsonNode lease() throws Exception {
    JsonNode answer =
        api.post(
                "/v1/runners/lease",
                "{\"runner\":%s,\"workers\":[\"%s\"],\"max\":1,\"wait\":\"20s\"}"
                    .formatted(runner, worker))
            .ok();
    runner = "\"" + answer.path("runner").asString() + "\"";
    assertThat(answer.path("leases").size()).as("%s", answer).isEqualTo(1);
    return answer.path("leases").get(0);
  }

  private static Api.Answer tell(JsonNode lease, String verb, String body) throws Exception {
    return api.post("/v1/leases/" + lease.path("lease_token").asString() + "/" + verb, body);
  }

  private static Api.Answer complete(JsonNode lease, String output) throws Exception {
    return tell(lease, "complete", "{\"output\":" + output + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "busy    | {\"retry_after\":\"1ms\",\"reason\":\"429\"}",
        "release | {}",
      })
  void the_first_holder_is_refused_after_it_gave_the_job_back(String verb, String body)
      throws Exception {
    String id = api.submit(worker, "{}");
    JsonNode first = lease();
    tell(first, verb, body).ok();
    complete(first, "\"too late\"").isLost();
    JsonNode second = lease();
    assertThat(second.path("attempt").asInt()).isEqualTo(1);
    assertThat(second.path("lease_token")).isNotEqualTo(first.path("lease_token"));
    complete(first, "\"too late\"").isLost();
    complete(second, "\"right\"").ok();
    complete(first, "\"too late\"").isLost();
    assertThat(api.succeeded(id).path("output").asString()).isEqualTo("right");
  }

  @Test
  void the_first_holder_is_refused_after_it_was_suspended() throws Exception {
    String id = api.submit(worker, "{}");
    JsonNode first = lease();
    assertThat(first.path("output_offset").asInt()).isZero();
    tell(first, "output", "{\"offset\":0,\"chunks\":[\"a\",\"b\"]}").ok();
    JsonNode suspended = tell(first, "suspend", "{\"timeout\":\"1m\",\"state\":{\"n\":7}}").ok();
    assertThat(suspended).hasToString("{\"status\":\"running\",\"wait_reason\":\"callback\"}");
    complete(first, "\"too late\"").isLost();
    String url = first.at("/callback/url").asString();
    assertThat(api.post(url, "{\"done\":true}").ok())
        .hasToString("{\"received\":true,\"effect\":\"resumed\"}");
    assertThat(api.post(url, "{\"done\":true}").ok().path("effect").asString())
        .isEqualTo("duplicate");
    JsonNode second = lease();
    complete(first, "\"too late\"").isLost();
    assertThat(second.path("attempt").asInt()).isEqualTo(1);
    assertThat(second.path("output_offset").asInt()).isEqualTo(2);
    assertThat(tell(second, "output", "{\"offset\":2,\"chunks\":[\"c\"]}").ok())
        .hasToString("{\"next_offset\":3}");
    assertThat(second.at("/resume/reason").asString()).isEqualTo("callback");
    assertThat(second.at("/resume/state")).hasToString("{\"n\":7}");
    assertThat(second.at("/resume/callback/body")).hasToString("{\"done\":true}");
    complete(second, "\"right\"").ok();
    complete(first, "\"too late\"").isLost();
    assertThat(api.succeeded(id).path("output").asString()).isEqualTo("right");
    assertThat(api.post(url, "{\"again\":true}").ok().path("effect").asString())
        .isEqualTo("ignored");
  }

  @Test
  void a_callback_before_the_suspension_resumes_at_once() throws Exception {
    api.submit(worker, "{}");
    JsonNode first = lease();
    String url = first.at("/callback/url").asString();
    assertThat(api.post(url, "{\"early\":1}").ok().path("effect").asString()).isEqualTo("stored");
    assertThat(tell(first, "suspend", "{\"timeout\":\"1m\"}").ok())
        .hasToString("{\"status\":\"queued\",\"resumed\":true}");
    JsonNode second = lease();
    assertThat(second.at("/resume/callback/body")).hasToString("{\"early\":1}");
    complete(second, "1").ok();
  }

  @Test
  void a_complete_that_is_repeated_is_answered_the_same() throws Exception {
    String id = api.submit(worker, "{}");
    JsonNode lease = lease();
    JsonNode said = complete(lease, "{\"a\":1}").ok();
    assertThat(said).hasToString("{\"job_id\":\"" + id + "\",\"status\":\"succeeded\"}");
    assertThat(complete(lease, "{\"a\":1}").ok()).isEqualTo(said);
    complete(lease, "{\"a\":2}").isLost();
  }

  @Test
  void other_last_words_that_are_repeated_are_refused_and_change_nothing() throws Exception {
    String id = api.submit(worker, "{}");
    JsonNode lease = lease();
    String failure = "{\"error\":{\"code\":\"worker_error\",\"message\":\"m\"},\"retryable\":true}";
    assertThat(tell(lease, "fail", failure).ok().path("wait_reason").asString())
        .isEqualTo("backoff");
    tell(lease, "fail", failure).isLost();
    tell(lease, "release", "{}").isLost();
    tell(lease, "busy", "{}").isLost();
    tell(lease, "progress", "{\"fraction\":1}").isLost();
    tell(lease, "log", "{\"lines\":[{\"message\":\"m\"}]}").isLost();
    tell(lease, "output", "{\"offset\":0,\"chunks\":[\"x\"]}").isLost();
    assertThat(tell(lease, "usage", "{\"usage\":{\"input_tokens\":3}}").ok())
        .hasToString("{\"state\":\"late\"}");
    complete(lease(), "1").ok();
    assertThat(api.attempts(id)).containsExactly("1 failed", "2 succeeded");
    assertThat(api.events(id, "output")).isEmpty();
  }

  @Test
  void output_counts_from_nought_in_order_and_once() throws Exception {
    String id = api.submit(worker, "{}");
    JsonNode lease = lease();
    assertThat(tell(lease, "output", "{\"offset\":0,\"chunks\":[\"a\",\"b\"]}").ok())
        .hasToString("{\"next_offset\":2}");
    assertThat(tell(lease, "output", "{\"offset\":0,\"chunks\":[\"a\",\"b\"]}").ok())
        .hasToString("{\"next_offset\":2}");
    assertThat(tell(lease, "output", "{\"offset\":1,\"chunks\":[\"b\",\"c\"]}").ok())
        .hasToString("{\"next_offset\":3}");
    Api.Answer gap = tell(lease, "output", "{\"offset\":9,\"chunks\":[\"z\"]}");
    assertThat(gap.status()).isEqualTo(409);
    assertThat(gap.body().path("code").asString()).isEqualTo("output_gap");
    assertThat(gap.body().path("expected").asInt()).isEqualTo(3);
    assertThat(tell(lease, "output", "{\"offset\":0,\"chunks\":[]}").ok())
        .hasToString("{\"next_offset\":3}");
    complete(lease, "1").ok();
    assertThat(
            api.events(id, "output").stream()
                .flatMap(event -> event.path("chunks").valueStream())
                .map(JsonNode::asString))
        .containsExactly("a", "b", "c");
  }

  @Test
  void a_heartbeat_extends_what_it_lists_and_tells_what_is_to_stop() throws Exception {
    String kept = api.submit(worker, "{}");
    String canceled = api.submit(worker, "{}");
    JsonNode one = lease();
    JsonNode two = lease();
    api.post("/v1/jobs/" + canceled + "/cancel", "{}").ok();
    String body =
        """
        {"runner":%s,"leases":[{"lease_token":"%s","progress":{"fraction":0.5}},
          {"lease_token":"%s"},{"lease_token":"lt_nothing"}]}
        """
            .formatted(
                runner, one.path("lease_token").asString(), two.path("lease_token").asString());
    JsonNode states = api.post("/v1/runners/heartbeat", body).ok().path("leases");
    assertThat(states.size()).isEqualTo(3);
    assertThat(states.get(0).path("state").asString()).isEqualTo("ok");
    assertThat(states.get(1).path("state").asString()).isEqualTo("stop");
    assertThat(states.get(1).path("reason").asString()).isEqualTo("canceled");
    assertThat(states.get(2).path("reason").asString()).isEqualTo("lost");
    api.until(kept, job -> job.at("/progress/fraction").asDouble() == 0.5);
    complete(two, "1").isLost();
    complete(one, "1").ok();
    JsonNode after = api.post("/v1/runners/heartbeat", body).ok().path("leases").get(0);
    assertThat(after.path("reason").asString()).isEqualTo("finished");
  }

  @Test
  void an_output_against_the_schema_fails_the_attempt() throws Exception {
    api.define(
        worker, "\"max_attempts\":1,\"output_schema\":{\"type\":\"object\",\"required\":[\"n\"]}");
    String id = api.submit(worker, "{}");
    JsonNode lease = lease();
    Api.Answer refused = complete(lease, "{}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body().path("code").asString()).isEqualTo("output_invalid");
    complete(lease, "{\"n\":1}").isLost();
    assertThat(api.done(id).at("/error/code").asString()).isEqualTo("output_invalid");
  }

  @Test
  void a_token_that_cannot_be_one_is_not_found() throws Exception {
    assertThat(api.post("/v1/leases/lt_x/complete", "{\"output\":1}").status()).isEqualTo(404);
    assertThat(api.post("/v1/leases/nonsense/release", "{}").status()).isEqualTo(404);
  }
}
