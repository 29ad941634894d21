package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.server.Client.Answer;
import dev.coatcheck.server.Runner.Lease;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The protocol of runners elsewhere. */
class RunnerRoutesTest {

  private static final String AT_ONCE =
      "\"retry\":{\"base\":\"0ms\",\"factor\":1,\"max\":\"0ms\",\"on_timeout\":true}";

  private TestServer server;
  private Client client;
  private Runner runner;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    client = server.client;
    runner = new Runner(client);
    Runner.define(client, Runner.OUTSIDE, AT_ONCE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Lease leased(String input) {
    String id = client.submitted(Runner.OUTSIDE, input);
    Lease lease = runner.lease(Runner.OUTSIDE);
    assertThat(lease.job()).isEqualTo(id);
    return lease;
  }

  @Test
  void a_lease_has_everything_that_a_runner_needs() {
    Answer submitted =
        client.post(
            "/v1/jobs",
            """
            {"worker":"outside","input":{"n":1.10},"metadata":{"user":"u"},"priority":7,
             "run_timeout":"10m","deadline":"1h"}\
            """);
    Answer answer = runner.ask(Runner.OUTSIDE, 4, "5s");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().propertyNames())
        .containsExactly("runner", "lease_duration_ms", "heartbeat_interval_ms", "leases");
    assertThat(answer.get("runner").asString()).startsWith("run_");
    assertThat(answer.get("lease_duration_ms").asInt()).isEqualTo(30_000);
    assertThat(answer.get("heartbeat_interval_ms").asInt()).isEqualTo(10_000);
    JsonNode lease = answer.at("/leases/0");
    assertThat(lease.propertyNames())
        .containsExactly(
            "lease_token",
            "attempt",
            "expires_at",
            "run_timeout_ms",
            "deadline_at",
            "traceparent",
            "job",
            "callback",
            "output_offset",
            "resume");
    assertThat(lease.path("lease_token").asString()).startsWith("lt_").hasSizeLessThan(200);
    assertThat(lease.path("attempt").asInt()).isEqualTo(1);
    assertThat(lease.path("run_timeout_ms").asInt()).isEqualTo(600_000);
    assertThat(lease.path("deadline_at").asString())
        .isEqualTo(submitted.get("deadline_at").asString());
    assertThat(lease.path("traceparent").asString()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(lease.path("resume").isNull()).isTrue();
    assertThat(lease.at("/callback/url").asString()).startsWith(client.base + "/v1/callbacks/cb_");
    JsonNode job = lease.path("job");
    assertThat(job.propertyNames())
        .containsExactly(
            "id",
            "worker",
            "worker_version",
            "input",
            "metadata",
            "priority",
            "created_at",
            "max_attempts");
    assertThat(job.path("id").asString()).isEqualTo(submitted.id());
    assertThat(answer.text()).contains("\"input\":{\"n\":1.10}");
    assertThat(job.at("/metadata/user").asString()).isEqualTo("u");
    assertThat(job.path("priority").asInt()).isEqualTo(7);
    assertThat(job.path("max_attempts").asInt()).isEqualTo(5);
    assertThat(client.job(submitted.id()).get("status").asString()).isEqualTo("running");
  }

  @Test
  void work_is_done_and_the_same_end_told_twice_is_answered_the_same() {
    Lease lease = leased("1");
    String body =
        "{\"output\": {\"said\": 1.10}, \"usage\": {\"input_tokens\": 3, \"cost_usd\": 0.000001}}";
    for (int i = 0; i < 3; i++) {
      Answer done = lease.say("complete", body);
      assertThat(done.text())
          .isEqualTo("{\"job_id\":\"" + lease.job() + "\",\"status\":\"succeeded\"}");
    }
    lease.say("complete", "{\"output\":{\"said\":1.1}}").isProblem(409, "lease_lost");
    Answer job = client.job(lease.job());
    assertThat(job.get("status").asString()).isEqualTo("succeeded");
    assertThat(job.text()).contains("\"output\":{\"said\":1.10}");
    assertThat(job.at("/usage/input_tokens").asInt()).isEqualTo(3);
    assertThat(job.at("/usage/cost_usd").decimalValue()).isEqualByComparingTo("0.000001");
    Answer attempts = client.get("/v1/jobs/" + lease.job() + "/attempts");
    assertThat(attempts.at("/data/0/runner").asString()).isEqualTo(runner.id());
  }

  @Test
  void an_output_may_be_null_and_may_be_left_out() {
    assertThat(leased("1").say("complete", "{}").status()).isEqualTo(200);
    Lease other = leased("2");
    assertThat(other.say("complete", "{\"output\":null}").status()).isEqualTo(200);
    assertThat(client.get("/v1/jobs/" + other.job() + "/result").text()).isEqualTo("null");
  }

  @Test
  void a_failure_is_tried_again_until_the_attempts_are_used_up() {
    Lease first = leased("1");
    Answer queued =
        first.say(
            "fail",
            """
            {"error":{"code":"upstream_error","message":"busy","upstream":{"status":500}},
             "retry_after":"10ms"}\
            """);
    assertThat(queued.status()).as(queued.text()).isEqualTo(200);
    assertThat(queued.get("status").asString()).isEqualTo("queued");
    assertThat(queued.get("wait_reason").asString()).isEqualTo("backoff");
    assertThat(queued.get("next_attempt_at").asString()).isNotEmpty();
    first.say("fail", "{\"error\":{}}").isProblem(409, "lease_lost");
    Lease second = runner.lease(Runner.OUTSIDE);
    assertThat(second.json().path("attempt").asInt()).isEqualTo(2);
    assertThat(second.token()).isNotEqualTo(first.token());
    Answer failed = second.say("fail", "{\"error\":{\"message\":\"no use\"},\"retryable\":false}");
    assertThat(failed.text()).isEqualTo("{\"status\":\"failed\",\"dead_letter\":true}");
    Answer job = client.job(first.job());
    assertThat(job.at("/error/code").asString()).isEqualTo("worker_error");
    assertThat(job.at("/error/message").asString()).isEqualTo("no use");
    Answer attempts = client.get("/v1/jobs/" + first.job() + "/attempts");
    assertThat(attempts.at("/data/0/error/upstream").toString()).isEqualTo("{\"status\":500}");
    assertThat(attempts.at("/data/0/error/retryable").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canceled",
        "queue_timeout",
        "deadline",
        "run_timeout",
        "callback_timeout",
        "runner_lost",
        "step_failed",
        "nonsense"
      })
  void what_only_the_server_can_say_is_not_taken_from_a_runner(String code) {
    Lease lease = leased("1");
    Answer refused =
        lease
            .say("fail", "{\"error\":{\"code\":\"" + code + "\"}}")
            .isProblem(422, "validation_failed");
    assertThat(refused.pointers()).containsExactly("/error/code");
    assertThat(lease.say("complete", "{}").status()).isEqualTo(200);
  }

  @Test
  void a_busy_runner_and_one_that_hands_back_use_no_attempt() {
    Lease first = leased("1");
    Answer busy =
        first.say(
            "busy", "{\"retry_after\":\"1ms\",\"scope\":\"openai/gpt-4o\",\"reason\":\"429\"}");
    assertThat(busy.get("status").asString()).as(busy.text()).isEqualTo("queued");
    assertThat(busy.get("wait_reason").asString()).isEqualTo("rate_limited");
    Lease second = runner.lease(Runner.OUTSIDE);
    assertThat(second.json().path("attempt").asInt()).isEqualTo(1);
    assertThat(second.say("release", "{}").text()).isEqualTo("{\"status\":\"queued\"}");
    second.say("release", "{}").isProblem(409, "lease_lost");
    Lease third = runner.lease(Runner.OUTSIDE);
    assertThat(third.json().path("attempt").asInt()).isEqualTo(1);
    assertThat(third.say("complete", "{}").status()).isEqualTo(200);
  }

  @Test
  void output_is_taken_once_and_in_order() {
    Lease lease = leased("1");
    assertThat(lease.say("output", "{\"offset\":0,\"chunks\":[\"a\",\"b\"]}").text())
        .isEqualTo("{\"next_offset\":2}");
    assertThat(lease.say("output", "{\"offset\":0,\"chunks\":[\"a\",\"b\"]}").text())
        .isEqualTo("{\"next_offset\":2}");
    assertThat(lease.say("output", "{\"offset\":1,\"chunks\":[\"b\",\"c\"]}").text())
        .isEqualTo("{\"next_offset\":3}");
    Answer gap = lease.say("output", "{\"offset\":5,\"chunks\":[\"z\"]}");
    gap.isProblem(409, "output_gap");
    assertThat(gap.get("expected").asInt()).isEqualTo(3);
    assertThat(gap.header("x-should-retry")).isEqualTo("false");
    assertThat(lease.json().path("output_offset").asInt()).isZero();
    String events = client.get("/v1/jobs/" + lease.job() + "/events").text();
    assertThat(events).contains("[\"a\",\"b\"]", "[\"c\"]").doesNotContain("\"z\"");
    assertThat(lease.say("output", "{\"offset\":-1,\"chunks\":[1]}").pointers())
        .containsExactly("/offset", "/chunks/0");
    lease.say("release", "{}");
    Lease again = runner.lease(Runner.OUTSIDE);
    assertThat(again.json().path("output_offset").asInt()).isEqualTo(3);
    assertThat(again.say("output", "{\"offset\":3,\"chunks\":[\"d\"]}").text())
        .isEqualTo("{\"next_offset\":4}");
  }

  @Test
  void progress_and_logs_show_with_the_job() {
    Lease lease = leased("1");
    assertThat(lease.say("progress", "{\"fraction\":0.4,\"stage\":\"s\",\"message\":\"m\"}").text())
        .isEqualTo("{\"state\":\"ok\"}");
    assertThat(client.job(lease.job()).at("/progress/fraction").asDouble()).isEqualTo(0.4);
    assertThat(
            lease
                .say(
                    "log",
                    "{\"lines\":[{\"message\":\"one\"},{\"at\":\"2027-01-01T00:00:00Z\",\"level\":\"warn\",\"message\":\"two\"}]}")
                .text())
        .isEqualTo("{\"state\":\"ok\"}");
    JsonNode events = client.get("/v1/jobs/" + lease.job() + "/events").get("data");
    assertThat(events.toString()).contains("\"level\":\"info\"", "\"level\":\"warn\"");
    lease
        .say("progress", "{\"message\":\"" + "x".repeat(5_000) + "\"}")
        .isProblem(413, "payload_too_large");
    Answer wrong = lease.say("progress", "{\"fraction\":2,\"stage\":3,\"mesage\":\"\"}");
    wrong.isProblem(400, "unknown_field");
    assertThat(wrong.get("detail").asString()).contains("did you mean message?");
    assertThat(lease.say("progress", "{\"fraction\":2,\"stage\":3}").pointers())
        .containsExactly("/fraction", "/stage");
    assertThat(lease.say("progress", "{\"fraction\":922E360}").pointers())
        .containsExactly("/fraction");
    assertThat(lease.say("log", "{\"lines\":[{\"level\":\"loud\"}]}").pointers())
        .containsExactly("/lines/0/level", "/lines/0/message");
  }

  @Test
  void usage_is_taken_while_the_work_goes_on_and_for_a_while_after() {
    Lease lease = leased("1");
    assertThat(lease.say("usage", "{\"usage\":{\"input_tokens\":5}}").text())
        .isEqualTo("{\"state\":\"ok\"}");
    client.post("/v1/jobs/" + lease.job() + "/cancel", "{}");
    assertThat(lease.say("usage", "{\"usage\":{\"input_tokens\":9,\"cost_usd\":0.5}}").text())
        .isEqualTo("{\"state\":\"late\"}");
    JsonNode usage = client.get("/v1/jobs/" + lease.job() + "/attempts").at("/data/0/usage");
    assertThat(usage.path("late").asBoolean()).isTrue();
    assertThat(usage.path("input_tokens").asInt()).isEqualTo(9);
    for (String wrong : List.of("0.0000001", "-1", "1000001", "\"1\"")) {
      assertThat(lease.say("usage", "{\"usage\":{\"cost_usd\":" + wrong + "}}").pointers())
          .containsExactly("/usage/cost_usd");
    }
    lease.say("usage", "{}").isProblem(422, "validation_failed");
  }

  @Test
  void an_output_that_breaks_the_contract_of_the_jobs_own_version_ends_the_attempt() {
    String schema = "\"output_schema\":{\"type\":\"object\",\"required\":[\"n\"]}," + AT_ONCE;
    Runner.define(client, "checked", schema + ",\"max_attempts\":2");
    client.submitted("checked", "1");
    Lease lease = runner.lease("checked");
    // The job keeps the contract that it was accepted under.
    Runner.define(client, "checked", AT_ONCE);
    Answer invalid = lease.say("complete", "{\"output\":{\"m\":1}}");
    invalid.isProblem(422, "output_invalid");
    assertThat(invalid.pointers()).containsExactly("/output/n");
    lease.say("complete", "{\"output\":{\"n\":1}}").isProblem(409, "lease_lost");
    Lease again = runner.lease("checked");
    assertThat(again.job()).isEqualTo(lease.job());
    assertThat(again.json().path("attempt").asInt()).isEqualTo(2);
    again.say("complete", "{\"output\":[]}").isProblem(422, "output_invalid");
    Answer job = client.job(lease.job());
    assertThat(job.get("status").asString()).isEqualTo("failed");
    assertThat(job.at("/error/code").asString()).isEqualTo("output_invalid");
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 20, 2 << 20})
  void an_output_that_is_too_large_fails_the_job(int size) {
    Lease lease = leased("1");
    Answer refused = lease.say("complete", "{\"output\":\"" + "x".repeat(size) + "\"}");
    refused.isProblem(413, "output_too_large");
    Answer job = client.job(lease.job());
    assertThat(job.get("status").asString()).isEqualTo("failed");
    assertThat(job.at("/error/code").asString()).isEqualTo("output_too_large");
  }

  @Test
  void files_that_an_attempt_made_stand_in_the_job_with_links() {
    Answer file = client.post("/v1/files?name=a.json", "{}");
    Lease lease = leased("1");
    Answer unknown =
        lease.say(
            "complete", "{\"files\":[\"" + file.id() + "\",\"file_00000000000000000000000000\"]}");
    unknown.isProblem(422, "validation_failed");
    assertThat(unknown.pointers()).containsExactly("/files/1");
    assertThat(lease.say("complete", "{\"files\":[\"x\"]}").pointers()).containsExactly("/files/0");
    assertThat(lease.say("complete", "{\"files\":[\"" + file.id() + "\"]}").status())
        .isEqualTo(200);
    JsonNode made = client.job(lease.job()).at("/files/0");
    assertThat(made.path("id").asString()).isEqualTo(file.id());
    assertThat(made.path("name").asString()).isEqualTo("a.json");
    assertThat(made.path("size").asInt()).isEqualTo(2);
    String url = made.path("url").asString();
    assertThat(client.get(url.substring(client.base.length())).text()).isEqualTo("{}");
    JsonNode events = client.get("/v1/jobs/" + lease.job() + "/events").get("data");
    assertThat(events.valueStream().filter(e -> e.path("type").asString().equals("file")))
        .singleElement()
        .satisfies(e -> assertThat(e.at("/file/name").asString()).isEqualTo("a.json"));
  }

  @Test
  void a_heartbeat_extends_what_it_lists_and_tells_of_the_rest() {
    Lease kept = leased("1");
    Lease canceled = leased("2");
    Lease done = leased("3");
    client.post("/v1/jobs/" + canceled.job() + "/cancel", "{}");
    done.say("complete", "{}");
    Answer answer =
        runner.heartbeat(
            "{\"lease_token\":\""
                + kept.token()
                + "\",\"progress\":{\"fraction\":0.5},\"usage\":{\"input_tokens\":1}},"
                + "{\"lease_token\":\""
                + canceled.token()
                + "\"},{\"lease_token\":\""
                + done.token()
                + "\"},{\"lease_token\":\"lt_nonsense\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode leases = answer.get("leases");
    assertThat(leases.size()).isEqualTo(4);
    assertThat(leases.at("/0/state").asString()).isEqualTo("ok");
    assertThat(leases.at("/0/expires_at").asString()).isNotEmpty();
    assertThat(leases.at("/0").has("reason")).isFalse();
    assertThat(leases.at("/1/reason").asString()).isEqualTo("canceled");
    assertThat(leases.at("/2/reason").asString()).isEqualTo("finished");
    assertThat(leases.at("/3/state").asString()).isEqualTo("stop");
    assertThat(leases.at("/3/reason").asString()).isEqualTo("lost");
    Awaitility.await()
        .until(() -> client.job(kept.job()).at("/progress/fraction").asDouble() == 0.5);
    Runner other = new Runner(client);
    other.ask(Runner.OUTSIDE, 1, "0ms");
    assertThat(
            other
                .heartbeat("{\"lease_token\":\"" + kept.token() + "\"}")
                .at("/leases/0/reason")
                .asString())
        .isEqualTo("lost");
    assertThat(runner.heartbeat("").get("leases").isEmpty()).isTrue();
    client.post("/v1/runners/heartbeat", "{\"leases\":[{}]}").isProblem(422, "validation_failed");
  }

  @Test
  void a_report_that_makes_no_sense_costs_no_lease() {
    Lease lease = leased("1");

    Answer answer =
        runner.heartbeat(
            "{\"lease_token\":\""
                + lease.token()
                + "\",\"progress\":{\"fraction\":7},\"usage\":{\"input_tokens\":-1}}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.get("leases").get(0).get("state").asString()).isEqualTo("ok");
  }

  @Test
  void a_canceled_job_takes_nothing_more() {
    Lease lease = leased("1");
    client.post("/v1/jobs/" + lease.job() + "/cancel", "{}");
    for (String[] say :
        new String[][] {
          {"progress", "{}"},
          {"log", "{\"lines\":[{\"message\":\"m\"}]}"},
          {"output", "{\"offset\":0,\"chunks\":[\"a\"]}"},
          {"complete", "{}"},
          {"fail", "{\"error\":{}}"},
          {"busy", "{}"},
          {"suspend", "{\"timeout\":\"1h\"}"},
          {"release", "{}"}
        }) {
      Answer refused = lease.say(say[0], say[1]).isProblem(409, "lease_lost");
      assertThat(refused.header("x-should-retry")).isEqualTo("false");
      assertThat(refused.get("job_id").asString()).isEqualTo(lease.job());
    }
    assertThat(client.get("/v1/jobs/" + lease.job() + "/events").text()).doesNotContain("\"log\"");
  }

  @ParameterizedTest
  @CsvSource({
    "progress",
    "log",
    "output",
    "complete",
    "fail",
    "busy",
    "suspend",
    "release",
    "usage"
  })
  void a_token_that_is_none_is_not_found_and_none_is_ever_told(String verb) {
    Answer none = client.post("/v1/leases/lt_nonsense/" + verb, "{}").isProblem(404, "not_found");
    assertThat(none.get("instance").asString()).isEqualTo("/v1/leases/…/" + verb);
    Lease lease = leased("1");
    Answer refused = lease.say(verb, "{\"nonsense\":1}");
    refused.isProblem(400, "unknown_field");
    assertThat(refused.text()).doesNotContain(lease.token());
  }

  @Test
  void an_attempt_waits_for_a_callback_and_goes_on_with_it() {
    Lease lease = leased("1");
    Answer suspended =
        lease.say("suspend", "{\"timeout\":\"2h\",\"state\":{\"prediction\": \"p1\"}}");
    assertThat(suspended.text()).isEqualTo("{\"status\":\"running\",\"wait_reason\":\"callback\"}");
    Answer waiting = client.job(lease.job());
    assertThat(waiting.get("status").asString()).isEqualTo("running");
    assertThat(waiting.get("wait_reason").asString()).isEqualTo("callback");
    assertThat(client.get("/v1/workers/outside").at("/stats/suspended").asInt()).isEqualTo(1);
    lease.say("complete", "{}").isProblem(409, "lease_lost");
    Answer resumed = client.post(lease.callback(), "{\"said\": 1.10}");
    assertThat(resumed.text()).isEqualTo("{\"received\":true,\"effect\":\"resumed\"}");
    Answer given = runner.ask(Runner.OUTSIDE, 1, "10s");
    assertThat(given.text()).contains("\"body\":{\"said\":1.10}");
    Lease again = new Lease(client, given.at("/leases/0"));
    assertThat(again.json().path("attempt").asInt()).isEqualTo(1);
    assertThat(again.token()).isNotEqualTo(lease.token());
    JsonNode resume = again.json().path("resume");
    assertThat(resume.path("reason").asString()).isEqualTo("callback");
    assertThat(resume.path("state").toString()).isEqualTo("{\"prediction\":\"p1\"}");
    assertThat(resume.at("/callback/content_type").asString()).isEqualTo("application/json");
    assertThat(resume.at("/callback/received_at").asString()).isNotEmpty();
    assertThat(again.say("complete", "{}").status()).isEqualTo(200);
    JsonNode attempts = client.get("/v1/jobs/" + lease.job() + "/attempts").get("data");
    assertThat(attempts.valueStream().map(a -> a.path("status").asString()))
        .containsExactly("suspended", "succeeded");
  }

  @Test
  void a_callback_that_came_early_resumes_at_once() {
    Lease lease = leased("1");
    assertThat(client.post(lease.callback(), "1").get("effect").asString()).isEqualTo("stored");
    assertThat(lease.say("suspend", "{\"timeout\":\"2h\"}").text())
        .isEqualTo("{\"status\":\"queued\",\"resumed\":true}");
    Lease again = runner.lease(Runner.OUTSIDE);
    assertThat(again.json().at("/resume/callback/body").asInt()).isEqualTo(1);
    assertThat(again.json().at("/resume/state").isNull()).isTrue();
  }

  @Test
  void a_suspended_job_can_be_canceled_and_one_whose_callback_does_not_come_goes_on_or_fails() {
    Lease lease = leased("1");
    lease.say("suspend", "{\"timeout\":\"2h\"}");
    Answer canceled = client.post("/v1/jobs/" + lease.job() + "/cancel", "{}");
    assertThat(canceled.at("/cancel/was").asString()).isEqualTo("suspended");
    Lease patient = leased("2");
    patient.say("suspend", "{\"timeout\":\"10ms\",\"on_timeout\":\"resume\"}");
    Lease again = runner.lease(Runner.OUTSIDE);
    assertThat(again.job()).isEqualTo(patient.job());
    assertThat(again.json().at("/resume/reason").asString()).isEqualTo("timeout");
    assertThat(again.json().at("/resume/callback").isNull()).isTrue();
    again.say("suspend", "{\"timeout\":\"10ms\",\"on_timeout\":\"fail\"}");
    Lease second = runner.lease(Runner.OUTSIDE);
    assertThat(second.json().path("attempt").asInt()).isEqualTo(2);
    JsonNode attempts = client.get("/v1/jobs/" + patient.job() + "/attempts").get("data");
    assertThat(attempts.toString()).contains("callback_timeout");
  }

  @Test
  void a_suspension_is_checked_before_anything_happens() {
    Lease lease = leased("1");
    assertThat(lease.say("suspend", "{}").pointers()).containsExactly("/timeout");
    assertThat(lease.say("suspend", "{\"timeout\":10,\"on_timeout\":\"wait\"}").pointers())
        .containsExactly("/timeout", "/on_timeout");
    String state = "\"" + "x".repeat(64 * 1024) + "\"";
    assertThat(lease.say("suspend", "{\"timeout\":\"1h\",\"state\":" + state + "}").pointers())
        .containsExactly("/state");
    assertThat(lease.say("complete", "{}").status()).isEqualTo(200);
  }
}
