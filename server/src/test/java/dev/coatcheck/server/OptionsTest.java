package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The members of a submission beside worker and input. */
class OptionsTest {

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

  private static Client.Answer with(String members) {
    return client.post("/v1/jobs", "{\"worker\":\"echo\",\"input\":1," + members + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "priority|101",
        "priority|-101",
        "priority|\"5\"",
        "priority|5.0",
        "priority|true",
        "priority|9223372036854775808",
        "max_attempts|0",
        "max_attempts|-1",
        "max_attempts|1000000000",
        "max_attempts|51",
        "run_timeout|5",
        "run_timeout|\"5\"",
        "run_timeout|\"0s\"",
        "run_timeout|\"-1s\"",
        "run_timeout|\"1 s\"",
        "run_timeout|\"1w\"",
        "run_timeout|\"3660d\"",
        "run_timeout|\"99999999999999999999d\"",
        "queue_timeout|\"0ms\"",
        "deadline|{}",
        "delay|\"1y\"",
        "run_at|\"9999-01-01T00:00:00Z\"",
        "run_at|\"1969-01-01T00:00:00Z\"",
        "run_at|\"2027-01-01T00:00:00\"",
        "run_at|\"2026-12-31T23:59:60Z\"",
        "run_at|\"2026-02-30T00:00:00Z\"",
        "run_at|\"tomorrow\"",
        "run_at|1764000000",
        "unique_key|\"\"",
        "unique_key|\"a\\u0000b\"",
        "unique_key|7",
        "fairness_key|\"\"",
        "metadata|[]",
        "metadata|\"x\""
      })
  void a_value_out_of_the_contract_is_refused_with_its_pointer(String name, String value) {
    Client.Answer answer = with("\"" + name + "\":" + value).isProblem(422, "validation_failed");
    assertThat(answer.pointers()).containsExactly("/" + name);
  }

  @Test
  void all_faults_are_told_at_once() {
    Client.Answer answer =
        client
            .post(
                "/v1/jobs",
                "{\"worker\":\"strict\",\"input\":{},\"priority\":999,\"delay\":5,\"metadata\":{\"a\":1}}")
            .isProblem(422, "validation_failed");
    assertThat(answer.pointers())
        .containsExactlyInAnyOrder("/priority", "/delay", "/metadata/a", "/input/text");
  }

  @Test
  void metadata_is_bounded() {
    StringBuilder many = new StringBuilder("\"k0\":\"v\"");
    for (int i = 1; i < 50; i++) {
      many.append(",\"k").append(i).append("\":\"v\"");
    }
    with("\"metadata\":{" + many + "}").isProblemFree();
    with("\"metadata\":{" + many + ",\"k50\":\"v\"}").isProblem(422, "validation_failed");
    with("\"metadata\":{\"a\":\"" + "x".repeat(500) + "\"}").isProblemFree();
    with("\"metadata\":{\"a\":\"" + "x".repeat(501) + "\"}").isProblem(422, "validation_failed");
    with("\"metadata\":{\"a\":\"b\\u0000\"}").isProblem(422, "validation_failed");
  }

  @Test
  void missing_worker_or_input_is_told() {
    assertThat(client.post("/v1/jobs", "{}").isProblem(422, "validation_failed").pointers())
        .containsExactly("/worker");
    assertThat(
            client
                .post("/v1/jobs", "{\"worker\":\"echo\"}")
                .isProblem(422, "validation_failed")
                .pointers())
        .containsExactly("/input");
    client.post("/v1/jobs", "{\"worker\":1,\"input\":1}").isProblem(422, "validation_failed");
    client.submit("nobody", "1").isProblem(404, "worker_not_found");
    client.submit("../etc", "1").isProblem(404, "worker_not_found");
    client.post("/v1/workers/nobody/jobs", "1").isProblem(404, "worker_not_found");
  }

  @Test
  void options_show_in_the_job() {
    String at = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    JsonNode job =
        with("\"priority\":7,\"run_at\":\""
                + at
                + "\",\"max_attempts\":2,\"deadline\":\"1.5h\",\"metadata\":{\"user\":\"u1\"},\"unique_key\":null")
            .isProblemFree()
            .json();
    assertThat(job.path("priority").asInt()).isEqualTo(7);
    assertThat(job.path("status").asString()).isEqualTo("queued");
    assertThat(job.path("wait_reason").asString()).isEqualTo("scheduled");
    assertThat(job.path("run_at").asString()).isEqualTo(at.replace("Z", ".000Z"));
    assertThat(job.path("max_attempts").asInt()).isEqualTo(2);
    assertThat(job.path("metadata").path("user").asString()).isEqualTo("u1");
    Instant created = Instant.parse(job.path("created_at").asString());
    Instant deadline = Instant.parse(job.path("deadline_at").asString());
    assertThat(deadline).isBetween(created.plusSeconds(5_399), created.plusSeconds(5_401));
    with("\"run_at\":\"" + at + "\",\"delay\":\"1s\"").isProblem(422, "validation_failed");
  }

  @Test
  void a_job_shows_every_member_of_the_contract() {
    JsonNode job = client.submit("held", "{\"n\":1}").json();
    server.release(1);
    assertThat(Set.copyOf(job.propertyNames()))
        .isEqualTo(
            Set.of(
                "id",
                "worker",
                "worker_version",
                "status",
                "done",
                "wait_reason",
                "progress",
                "attempt",
                "max_attempts",
                "priority",
                "input",
                "output",
                "error",
                "created_at",
                "run_at",
                "next_attempt_at",
                "started_at",
                "finished_at",
                "duration_ms",
                "deadline_at",
                "expires_at",
                "queue_position",
                "eta",
                "usage",
                "credits",
                "cached",
                "existing",
                "coalesced_with",
                "retry_of",
                "retried_by",
                "parent",
                "schedule",
                "cancel",
                "files",
                "metadata",
                "kind",
                "counts",
                "urls"));
    assertThat(job.path("kind").asString()).isEqualTo("job");
    assertThat(job.path("urls").path("events").asString())
        .isEqualTo(client.base + "/v1/jobs/" + job.path("id").asString() + "/events");
  }

  @Test
  void the_route_of_a_worker_takes_the_input_as_body_and_options_as_parameters() {
    Client.Answer answer =
        client.post(
            "/v1/workers/echo/jobs?priority=5&delay=1h&metadata.user=u%2B1&max_attempts=2",
            "{\"a\": 1.10}");
    JsonNode job = answer.isProblemFree().json();
    assertThat(answer.text()).contains("\"input\":{\"a\":1.10}");
    assertThat(job.path("priority").asInt()).isEqualTo(5);
    assertThat(job.path("wait_reason").asString()).isEqualTo("scheduled");
    assertThat(job.path("metadata").path("user").asString()).isEqualTo("u+1");
    Client.Answer wrong =
        client
            .post("/v1/workers/echo/jobs?priority=high&delay=5", "1")
            .isProblem(422, "validation_failed");
    assertThat(wrong.pointers()).containsExactlyInAnyOrder("/priority", "/delay");
    client.post("/v1/workers/echo/jobs?colour=red", "1").isProblem(400, "invalid_request");
    client
        .post("/v1/workers/echo/jobs?priority=1&priority=2", "1")
        .isProblem(400, "invalid_request");
    client.post("/v1/workers/strict/jobs", "{\"sentences\":0}").isProblem(422, "validation_failed");
  }

  @Test
  void a_full_queue_refuses_with_429() {
    for (int i = 0; i < 4; i++) {
      client.submit("narrow", "1").isProblemFree();
    }
    Client.Answer refused = client.submit("narrow", "1").isProblem(429, "queue_full");
    assertThat(refused.header("Retry-After")).isNotEmpty();
    assertThat(refused.header("RateLimit")).isNotEmpty();
    assertThat(refused.get("retryable").asBoolean()).isTrue();
    assertThat(refused.get("retry_after_ms").asLong()).isPositive();
    JsonNode last = client.get("/v1/jobs?worker=narrow&limit=1").get("data").path(0);
    assertThat(last.path("wait_reason").asString()).isEqualTo("concurrency");
    assertThat(last.path("queue_position").asInt()).isEqualTo(3);
    server.release(4);
  }

  @Test
  void a_unique_key_meets_the_open_job_whatever_the_body() {
    String key = ",\"unique_key\":\"chat-7\"}";
    Client.Answer first = client.post("/v1/jobs", "{\"worker\":\"held\",\"input\":1" + key);
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.get("existing").asBoolean()).isFalse();
    Client.Answer second = client.post("/v1/jobs", "{\"worker\":\"held\",\"input\":2" + key);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.get("existing").asBoolean()).isTrue();
    assertThat(second.header("Retry-After")).isNotEmpty();
    server.release(1);
    client.until(first.id(), "succeeded");
    Client.Answer third = client.post("/v1/jobs", "{\"worker\":\"held\",\"input\":3" + key);
    assertThat(third.status()).isEqualTo(202);
    assertThat(third.id()).isNotEqualTo(first.id());
    server.release(1);
  }

  @Test
  void a_store_that_refuses_is_told_as_503() {
    server.store.refuseChanges(true);
    try {
      Client.Answer refused = client.submit("echo", "1").isProblem(503, "store_unavailable");
      assertThat(refused.header("Retry-After")).isNotEmpty();
    } finally {
      server.store.refuseChanges(false);
    }
    client.submit("echo", "1").isProblemFree();
  }
}
