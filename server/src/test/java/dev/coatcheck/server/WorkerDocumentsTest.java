package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.server.Client.Answer;
import dev.coatcheck.server.Runner.Lease;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Workers that are defined over HTTP. */
class WorkerDocumentsTest {

  private static final String WORKER = "/v1/workers/outside";

  private TestServer server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    client = server.client;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_worker_is_made_replaced_and_left_as_it_is() {
    Answer made = client.put(WORKER, "{\"kind\":\"pull\"}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.get("version").asInt()).isEqualTo(1);
    assertThat(made.get("source").asString()).isEqualTo("api");
    assertThat(made.get("kind").asString()).isEqualTo("pull");
    assertThat(made.get("concurrency").isNull()).isTrue();
    assertThat(made.get("run_timeout").asString()).isEqualTo("20m");
    assertThat(made.get("paused").asBoolean()).isFalse();
    assertThat(made.at("/stats/runners").asInt()).isZero();
    Answer same = client.put(WORKER, "{\"max_attempts\": 5, \"kind\": \"pull\"}");
    assertThat(same.status()).isEqualTo(200);
    assertThat(same.get("version").asInt()).isEqualTo(1);
    Answer other = client.put(WORKER, "{\"kind\":\"pull\",\"max_attempts\":2}");
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.get("version").asInt()).isEqualTo(2);
    assertThat(client.get(WORKER).get("max_attempts").asInt()).isEqualTo(2);
    assertThat(client.get("/v1/workers").text()).contains("\"outside\"");
  }

  @Test
  void every_member_is_kept_and_what_is_answered_can_be_put_again() {
    String definition =
        """
        {"kind":"pull","description":"d","input_schema":{"type":"object"},"output_schema":true,
         "concurrency":50,"concurrency_per_key":5,"queue_limit":7,"execution":"cpu",
         "queue_timeout":"1m","run_timeout":"2m","deadline":"3h","expected_duration":"4s",
         "max_attempts":6,"max_lost":7,
         "retry":{"base":"8ms","factor":1.5,"max":"9s","jitter":"full","on_timeout":false},
         "priority":-10,"coalesce":"inflight","cache_ttl":"1h","eta_by":null,"dead_letters":false,
         "retention":{"succeeded":"11h","failed":"12d","canceled":"13m"},"price":{"fixed":0},
         "webhook":null}\
        """;
    Answer made = client.put(WORKER, definition);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    ObjectNode answered = (ObjectNode) made.json();
    JsonNode given = Client.MAPPER.readTree(definition);
    answered.remove(List.of("name", "version", "source", "paused", "stats"));
    assertThat(answered).isEqualTo(given);
    Answer again = client.put(WORKER, answered.toString());
    assertThat(again.status()).as(again.text()).isEqualTo(200);
    assertThat(again.get("version").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | /kind",
        "{\"kind\":\"push\"} | /kind",
        "{\"kind\":\"pull\",\"concurrency\":0} | /concurrency",
        "{\"kind\":\"pull\",\"concurrency\":2.5} | /concurrency",
        "{\"kind\":\"pull\",\"run_timeout\":20} | /run_timeout",
        "{\"kind\":\"pull\",\"run_timeout\":\"0s\"} | /run_timeout",
        "{\"kind\":\"pull\",\"execution\":\"gpu\"} | /execution",
        "{\"kind\":\"pull\",\"max_attempts\":51} | /max_attempts",
        "{\"kind\":\"pull\",\"priority\":101} | /priority",
        "{\"kind\":\"pull\",\"retry\":{\"jitter\":\"none\"}} | /retry/jitter",
        "{\"kind\":\"pull\",\"retry\":{\"base\":\"5s\",\"max\":\"1s\"}} | /retry/max",
        "{\"kind\":\"pull\",\"retry\":{\"factor\":0.5}} | /retry/factor",
        "{\"kind\":\"pull\",\"retention\":{\"failed\":\"0s\"}} | /retention/failed",
        "{\"kind\":\"pull\",\"coalesce\":\"inflght\"} | /coalesce",
        "{\"kind\":\"pull\",\"cache_ttl\":60} | /cache_ttl",
        "{\"kind\":\"pull\",\"eta_by\":\"pages\"} | /eta_by",
        "{\"kind\":\"pull\",\"concurrency_per_key\":0} | /concurrency_per_key",
        "{\"kind\":\"pull\",\"price\":{\"fixed\":1}} | /price",
        "{\"kind\":\"pull\",\"webhook\":{\"url\":\"https://x\"}} | /webhook",
        "{\"kind\":\"pull\",\"description\":\"${env:HOME}\"} | /description",
        "{\"kind\":\"pull\",\"input_schema\":{\"const\":\"a ${file:/etc/x}\"}} | /input_schema/const",
        "{\"kind\":\"pull\",\"input_schema\":7} | /input_schema",
        "{\"kind\":\"pull\",\"input_schema\":{\"type\":\"thing\"}} | /input_schema/type",
        "{\"kind\":\"pull\",\"output_schema\":{\"minimum\":\"1\"}} | /output_schema/minimum",
        "{\"kind\":\"pull\",\"input_schema\":{\"$ref\":\"https://x/y\"}} | /input_schema/$ref",
        "{\"kind\":\"pull\",\"input_schema\":{\"$ref\":\"classpath:draft-07/schema\"}} | /input_schema/$ref",
        "{\"kind\":\"pull\",\"input_schema\":{\"$ref\":\"#\"}} | /input_schema",
        "{\"kind\":\"pull\",\"input_schema\":{\"$ref\":\"#/$defs/none\"}} | /input_schema",
        "{\"kind\":\"pull\",\"input_schema\":{\"pattern\":\"(\"}} | /input_schema",
        "{\"kind\":\"pull\",\"input_schema\":{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}} | /input_schema/$schema"
      })
  void what_breaks_the_contract_is_told_with_its_place(String definition, String pointer) {
    Answer refused = client.put(WORKER, definition).isProblem(422, "validation_failed");
    assertThat(refused.pointers()).contains(pointer);
    client.get(WORKER).isProblem(404, "worker_not_found");
  }

  @Test
  void everything_that_is_wrong_is_told_at_once_and_unknown_members_with_a_hint() {
    Answer wrong =
        client.put(WORKER, "{\"kind\":\"pull\",\"concurrency\":0,\"retry\":{\"base\":1}}");
    wrong.isProblem(422, "validation_failed");
    assertThat(wrong.pointers()).containsExactlyInAnyOrder("/concurrency", "/retry/base");
    Answer unknown =
        client.put(WORKER, "{\"kind\":\"pull\",\"concurency\":1,\"retry\":{\"bass\":\"1s\"}}");
    unknown.isProblem(400, "unknown_field");
    assertThat(unknown.pointers()).containsExactlyInAnyOrder("/concurency", "/retry/bass");
    assertThat(unknown.text()).contains("did you mean concurrency?", "did you mean base?");
    client.put(WORKER, "[]").isProblem(400, "invalid_request");
    client.put(WORKER, "{").isProblem(400, "invalid_json");
    client
        .put("/v1/workers/Not%20a%20name", "{\"kind\":\"pull\"}")
        .isProblem(422, "validation_failed");
  }

  @Test
  void two_schemas_of_the_same_id_do_not_get_mixed_up() {
    String schema =
        "\"input_schema\":{\"$id\":\"https://x/s\",\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"%s\"}}}";
    Runner.define(client, "one", schema.formatted("string"));
    Runner.define(client, "two", schema.formatted("integer"));
    client.submit("one", "\"a\"").isProblemFree();
    client.submit("two", "1").isProblemFree();
    client.submit("one", "1").isProblem(422, "validation_failed");
    client.submit("two", "\"a\"").isProblem(422, "validation_failed");
  }

  @Test
  void a_built_in_worker_cannot_be_replaced_or_removed() {
    client.put("/v1/workers/echo", "{\"kind\":\"pull\"}").isProblem(409, "worker_read_only");
    client.delete("/v1/workers/echo").isProblem(409, "worker_read_only");
    assertThat(client.get("/v1/workers/echo").get("source").asString()).isEqualTo("builtin");
  }

  @Test
  void a_worker_with_open_jobs_stays_and_one_without_goes() {
    client.delete(WORKER).isProblem(404, "worker_not_found");
    Runner.define(client, Runner.OUTSIDE, "");
    String id = client.submitted(Runner.OUTSIDE, "1");
    Answer inUse = client.delete(WORKER).isProblem(409, "worker_in_use");
    assertThat(inUse.get("open").asInt()).isEqualTo(1);
    client.post("/v1/jobs/" + id + "/cancel", "{}");
    Answer gone = client.delete(WORKER);
    assertThat(gone.status()).isEqualTo(204);
    assertThat(gone.text()).isEmpty();
    client.get(WORKER).isProblem(404, "worker_not_found");
    client.submit(Runner.OUTSIDE, "1").isProblem(404, "worker_not_found");
    client
        .post("/v1/runners/lease", "{\"workers\":[\"outside\"]}")
        .isProblem(404, "worker_not_found");
    assertThat(client.job(id).get("status").asString()).isEqualTo("canceled");
    Answer back = client.put(WORKER, "{\"kind\":\"pull\"}");
    assertThat(back.status()).isEqualTo(201);
  }

  @Test
  void jobs_of_a_paused_worker_wait_and_go_on() {
    Runner.define(client, Runner.OUTSIDE, "");
    Runner runner = new Runner(client);
    Answer paused = client.post(WORKER + "/pause", "");
    assertThat(paused.status()).as(paused.text()).isEqualTo(200);
    assertThat(paused.get("paused").asBoolean()).isTrue();
    String id = client.submitted(Runner.OUTSIDE, "1");
    assertThat(runner.ask(Runner.OUTSIDE, 1, "50ms").get("leases").isEmpty()).isTrue();
    assertThat(client.job(id).get("wait_reason").asString()).isEqualTo("paused");
    assertThat(client.put(WORKER, "{\"kind\":\"pull\",\"priority\":1}").get("paused").asBoolean())
        .isTrue();
    assertThat(client.post(WORKER + "/resume", "{}").get("paused").asBoolean()).isFalse();
    Lease lease = runner.lease(Runner.OUTSIDE);
    assertThat(lease.job()).isEqualTo(id);
    client.post("/v1/workers/nobody/pause", "{}").isProblem(404, "worker_not_found");
    client.post(WORKER + "/pause", "{\"for\":\"1h\"}").isProblem(400, "unknown_field");
  }

  @Test
  void a_built_in_worker_can_be_paused_too() {
    client.post("/v1/workers/echo/pause", "{}");
    String id = client.submitted("echo", "1");
    assertThat(client.job(id).get("wait_reason").asString()).isEqualTo("paused");
    client.post("/v1/workers/echo/resume", "{}");
    client.until(id, "succeeded");
  }

  @Test
  void a_job_that_nobody_would_run_says_so() {
    Runner.define(client, Runner.OUTSIDE, "\"concurrency\":1");
    String first = client.submitted(Runner.OUTSIDE, "1");
    assertThat(client.job(first).get("wait_reason").asString()).isEqualTo("no_runner");
    new Runner(client).lease(Runner.OUTSIDE);
    assertThat(client.get(WORKER).at("/stats/runners").asInt()).isEqualTo(1);
    String second = client.submitted(Runner.OUTSIDE, "2");
    assertThat(client.job(second).get("wait_reason").asString()).isEqualTo("concurrency");
    Answer debug = client.get("/v1/jobs/" + second + "/debug");
    assertThat(debug.at("/worker/runners").asInt()).isEqualTo(1);
    assertThat(debug.at("/worker/paused").asBoolean()).isFalse();
  }
}
