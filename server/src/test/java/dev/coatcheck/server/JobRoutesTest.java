package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Reading, waiting for, canceling and repeating jobs. */
class JobRoutesTest {

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

  /** An id that no job has, made now. */
  private String unknown() {
    String id = client.submitted("echo", "1");
    char last = id.charAt(id.length() - 1);
    return id.substring(0, id.length() - 1) + (last == '0' ? '1' : '0');
  }

  @Test
  void a_submission_that_prefers_to_wait_gets_200_when_the_job_is_done_in_time() {
    Client.Answer done = client.submit("echo", "{\"n\":1}", "Prefer", "wait=20");
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.get("status").asString()).isEqualTo("succeeded");
    assertThat(done.header("Preference-Applied")).isEqualTo("wait=20");
    assertThat(done.header("Retry-After")).isEmpty();
    assertThat(done.get("duration_ms").isIntegralNumber()).isTrue();
    Client.Answer late = client.submit("held", "1", "Prefer", "respond-async, wait=1");
    assertThat(late.status()).isEqualTo(202);
    assertThat(late.header("Preference-Applied")).isEqualTo("wait=1");
    server.release(1);
  }

  @Test
  void a_read_that_prefers_to_wait_answers_when_the_job_is_done() throws Exception {
    String id = client.submitted("held", "1");
    CompletableFuture<Client.Answer> waiting =
        CompletableFuture.supplyAsync(() -> client.get("/v1/jobs/" + id, "Prefer", "wait=30"));
    client.until(id, "running");
    assertThat(waiting).isNotDone();
    server.release(1);
    Client.Answer answer = waiting.get();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.get("status").asString()).isEqualTo("succeeded");
    Instant start = Instant.now();
    String other = client.submitted("held", "1");
    Client.Answer open = client.get("/v1/jobs/" + other, "Prefer", "wait=1");
    assertThat(open.status()).isEqualTo(200);
    assertThat(open.get("done").asBoolean()).isFalse();
    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(900));
    server.release(1);
  }

  @Test
  void an_unchanged_job_is_answered_304_and_a_wait_is_not_cut_short_by_it() {
    String id = client.submitted("held", "1");
    client.until(id, "running");
    for (String part : List.of("", "/attempts", "/debug", "/events", "/result")) {
      assertThat(client.get("/v1/jobs/" + id + part).header("Retry-After")).isNotEmpty();
    }
    Client.Answer first = client.job(id);
    String etag = first.header("ETag");
    assertThat(etag).matches("\"[^\"]+\"");
    Client.Answer same = client.get("/v1/jobs/" + id, "If-None-Match", etag);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("ETag")).isEqualTo(etag);
    assertThat(same.header("Retry-After")).isNotEmpty();
    assertThat(same.text()).isEmpty();
    CompletableFuture<Client.Answer> waiting =
        CompletableFuture.supplyAsync(
            () -> client.get("/v1/jobs/" + id, "If-None-Match", etag, "Prefer", "wait=30"));
    server.release(1);
    assertThat(waiting.join().status()).isEqualTo(200);
    assertThat(waiting.join().get("status").asString()).isEqualTo("succeeded");
    assertThat(client.get("/v1/jobs/" + id, "If-None-Match", etag).status()).isEqualTo(200);
  }

  @Test
  void ids_that_name_nothing_are_not_found() {
    String[] ids = {
      unknown(),
      "job_x",
      "JOB_01k0000000000000000000000",
      "job_" + "0".repeat(25),
      "job_" + "u".repeat(26),
      "%F0%9F%98%80",
      "x".repeat(5_000),
      "job_01k00000000000000000000000%20"
    };
    for (String id : ids) {
      String[] gets = {"", "/result", "/attempts", "/debug", "/events"};
      for (String part : gets) {
        client.get("/v1/jobs/" + id + part).isProblem(404, "not_found");
      }
      client.post("/v1/jobs/" + id + "/cancel", "").isProblem(404, "not_found");
      client.post("/v1/jobs/" + id + "/retry", "").isProblem(404, "not_found");
    }
  }

  @Test
  void an_id_older_than_anything_kept_is_gone() {
    Client.Answer gone = client.get("/v1/jobs/job_00000000000000000000000000");
    assertThat(gone.status()).isEqualTo(410);
    assertThat(gone.text())
        .isEqualTo("{\"code\":\"gone\",\"job_id\":\"job_00000000000000000000000000\"}");
  }

  @Test
  void the_result_is_the_bare_output_or_says_what_there_is_instead() {
    String id = client.submitted("held", "1");
    Client.Answer open = client.get("/v1/jobs/" + id + "/result");
    assertThat(open.status()).isEqualTo(202);
    assertThat(open.id()).isEqualTo(id);
    assertThat(open.header("Retry-After")).isNotEmpty();
    server.release(1);
    client.until(id, "succeeded");
    assertThat(client.get("/v1/jobs/" + id + "/result").text()).isEqualTo("\"released\"");
    String broken = client.submitted("broken", "1");
    client.until(broken, "failed");
    Client.Answer failed =
        client.get("/v1/jobs/" + broken + "/result").isProblem(409, "job_not_succeeded");
    assertThat(failed.header("x-should-retry")).isEqualTo("false");
    assertThat(failed.get("job_status").asString()).isEqualTo("failed");
    assertThat(failed.get("job_error").path("code").asString()).isEqualTo("unsupported_input");
    assertThat(failed.get("job_id").asString()).isEqualTo(broken);
  }

  @Test
  void cancel_answers_the_canceled_job_and_leaves_a_finished_one_alone() {
    String id = client.submitted("held", "1");
    client.until(id, "running");
    Client.Answer canceled = client.method("POST", "/v1/jobs/" + id + "/cancel");
    assertThat(canceled.status()).isEqualTo(200);
    JsonNode job = canceled.json();
    assertThat(job.path("status").asString()).isEqualTo("canceled");
    assertThat(job.path("error").path("code").asString()).isEqualTo("canceled");
    assertThat(job.path("cancel").path("was").asString()).isEqualTo("running");
    assertThat(job.path("cancel").path("requested_at").asString()).isNotEmpty();
    assertThat(job.path("output").isNull()).isTrue();
    Client.Answer again = client.post("/v1/jobs/" + id + "/cancel", "{}");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.get("finished_at")).isEqualTo(job.path("finished_at"));
    client.post("/v1/jobs/" + id + "/cancel", "{\"x\":1}").isProblem(400, "unknown_field");
    String done = client.submit("echo", "1", "Prefer", "wait=20").id();
    assertThat(client.post("/v1/jobs/" + done + "/cancel", "").get("status").asString())
        .isEqualTo("succeeded");
    String scheduled =
        client.post("/v1/jobs", "{\"worker\":\"echo\",\"input\":1,\"delay\":\"1h\"}").id();
    Client.Answer early = client.post("/v1/jobs/" + scheduled + "/cancel", "");
    assertThat(early.get("cancel").path("was").asString()).isEqualTo("queued");
    assertThat(early.get("duration_ms").asLong(-1)).isZero();
  }

  @Test
  void retry_makes_a_new_job_once_and_patches_the_input() {
    String id = client.submit("broken", "{\"a\":1.10,\"b\":{\"c\":1,\"d\":2}}").id();
    client.until(id, "failed");
    Client.Answer retry =
        client.post(
            "/v1/jobs/" + id + "/retry",
            "{\"worker\":\"held\",\"input_patch\":{\"b\":{\"c\":null,\"e\":[3]},\"f\":1e400},"
                + "\"run_timeout\":\"1m\",\"max_attempts\":2,\"force\":false}");
    assertThat(retry.status()).as(retry.text()).isEqualTo(202);
    assertThat(retry.text())
        .contains("\"input\":{\"a\":1.10,\"b\":{\"d\":2,\"e\":[3]},\"f\":1e400}");
    assertThat(retry.get("retry_of").asString()).isEqualTo(id);
    assertThat(retry.get("worker").asString()).isEqualTo("held");
    assertThat(retry.get("max_attempts").asInt()).isEqualTo(2);
    assertThat(client.job(id).get("retried_by").asString()).isEqualTo(retry.id());
    Client.Answer again = client.method("POST", "/v1/jobs/" + id + "/retry");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.id()).isEqualTo(retry.id());
    assertThat(again.get("existing").asBoolean()).isTrue();
    assertThat(client.get("/v1/jobs/" + id + "?follow=retries").id()).isEqualTo(retry.id());
    client.get("/v1/jobs/" + id + "?follow=x").isProblem(400, "invalid_request");
    Client.Answer open =
        client.post("/v1/jobs/" + retry.id() + "/retry", "").isProblem(409, "job_not_done");
    assertThat(open.header("x-should-retry")).isEqualTo("false");
    server.release(1);
    client.until(retry.id(), "succeeded");
    Client.Answer next = client.post("/v1/jobs/" + id + "/retry", "{}");
    assertThat(next.status()).isEqualTo(202);
    assertThat(next.id()).isNotEqualTo(retry.id());
    assertThat(next.get("worker").asString()).isEqualTo("broken");
  }

  @Test
  void a_retry_is_checked_like_a_submission() {
    String id = client.submit("strict", "{\"text\":\"x\"}", "Prefer", "wait=20").id();
    Client.Answer invalid =
        client
            .post(
                "/v1/jobs/" + id + "/retry",
                "{\"input_patch\":{\"text\":null,\"sentences\":0},\"max_attempts\":0,\"force\":1}")
            .isProblem(422, "validation_failed");
    assertThat(invalid.pointers())
        .containsExactlyInAnyOrder("/max_attempts", "/force", "/input/text", "/input/sentences");
    client.post("/v1/jobs/" + id + "/retry", "{\"from\":\"x\"}").isProblem(400, "unknown_field");
    client.post("/v1/jobs/" + id + "/retry", "{\"priority\":1}").isProblem(400, "unknown_field");
    client
        .post("/v1/jobs/" + id + "/retry", "{\"worker\":\"nobody\"}")
        .isProblem(404, "worker_not_found");
    client
        .post("/v1/jobs/" + id + "/retry", "{\"input_patch\":[]}")
        .isProblem(422, "validation_failed");
  }

  @Test
  void attempts_and_debug_tell_the_whole_story() {
    String id = client.submit("broken", "{\"a\":1}").id();
    client.until(id, "failed");
    JsonNode attempt = client.get("/v1/jobs/" + id + "/attempts").get("data").path(0);
    assertThat(attempt.path("number").asInt()).isEqualTo(1);
    assertThat(attempt.path("status").asString()).isEqualTo("failed");
    assertThat(attempt.path("runner").asString()).startsWith("run_");
    assertThat(attempt.path("error").path("message").asString()).isEqualTo("no such thing");
    assertThat(attempt.path("duration_ms").isIntegralNumber()).isTrue();
    JsonNode debug = client.get("/v1/jobs/" + id + "/debug").json();
    assertThat(debug.path("job").path("id").asString()).isEqualTo(id);
    assertThat(debug.path("attempts").size()).isEqualTo(1);
    assertThat(debug.path("events").size()).isGreaterThanOrEqualTo(3);
    assertThat(debug.path("store").path("fence").isIntegralNumber()).isTrue();
  }

  @Test
  void lists_are_paged_without_gaps_or_repeats_while_jobs_come_in() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      ids.addFirst(client.submitted("echo", "" + i));
    }
    List<String> seen = new ArrayList<>();
    Client.Answer page = client.get("/v1/jobs?worker=echo&limit=3");
    String next = "";
    do {
      page.get("data").forEach(job -> seen.add(job.path("id").asString()));
      next = page.get("next_cursor").isNull() ? "" : page.get("next_cursor").asString();
      if (!next.isEmpty()) {
        assertThat(page.get("has_more").asBoolean()).isTrue();
        String link = page.header("Link");
        assertThat(link).startsWith("<" + client.base + "/v1/jobs?").endsWith(">; rel=\"next\"");
        client.submitted("echo", "99");
        page = client.get(link.substring(client.base.length() + 1, link.indexOf('>')));
      }
    } while (!next.isEmpty());
    assertThat(seen).isEqualTo(ids);
    assertThat(page.get("has_more").asBoolean()).isFalse();
    assertThat(page.header("Link")).isEmpty();
  }

  @Test
  void lists_show_what_is_asked_for_and_are_filtered() {
    String a =
        client
            .post(
                "/v1/jobs",
                "{\"worker\":\"echo\",\"input\":{\"x\":1},\"metadata\":{\"user\":\"u 1\"}}",
                "Prefer",
                "wait=20")
            .id();
    String b = client.submit("broken", "1").id();
    client.until(b, "failed");
    JsonNode plain = client.get("/v1/jobs?worker=echo").get("data").path(0);
    assertThat(plain.propertyNames()).doesNotContain("input", "output", "urls").contains("eta");
    JsonNode full = client.get("/v1/jobs?worker=echo&include=input,output").get("data").path(0);
    assertThat(full.path("input").path("x").asInt()).isEqualTo(1);
    assertThat(full.path("output").path("x").asInt()).isEqualTo(1);
    assertThat(full.propertyNames()).doesNotContain("urls");
    assertThat(ids("status=failed")).containsExactly(b);
    assertThat(ids("metadata.user=u+1")).containsExactly(a);
    assertThat(ids("metadata.user=u2")).isEmpty();
    assertThat(ids("created_after=2020-01-01T00:00:00Z")).containsExactly(b, a);
    assertThat(ids("created_before=2020-01-01T00:00:00Z")).isEmpty();
    assertThat(ids("worker=none")).isEmpty();
  }

  private List<String> ids(String query) {
    Client.Answer answer = client.get("/v1/jobs?" + query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.get("data").valueStream().map(job -> job.path("id").asString()).toList();
  }

  @Test
  void lists_refuse_what_they_do_not_know() {
    String[] wrong = {
      "limit=0",
      "limit=-1",
      "limit=201",
      "limit=1e9",
      "limit=abc",
      "limit=",
      "limit=1&limit=200",
      "tenant=other",
      "sort=id",
      "status=done",
      "created_after=yesterday",
      "include=secrets",
      "order=1%3B%20DROP%20TABLE%20job",
      "worker=a&worker=b",
      "%zz=1",
      "limit=%ff"
    };
    for (String query : wrong) {
      client.get("/v1/jobs?" + query.replace("%zz", "%25zz")).isProblem(400, "invalid_request");
    }
    client.get("/v1/jobs?metadata.color=red").isProblem(400, "filter_not_indexed");
    assertThat(ids("worker=%27%20OR%201%3D1")).isEmpty();
    for (int i = 0; i < 3; i++) {
      client.submitted("echo", "1");
    }
    String cursor = client.get("/v1/jobs?limit=1").get("next_cursor").asString();
    String[] cursors = {
      "x", "", "aaaaaaaa", cursor + "0", cursor.substring(1), cursor.replace('.', '-')
    };
    for (String each : cursors) {
      client.get("/v1/jobs?cursor=" + each).isProblem(400, "invalid_cursor");
    }
    client.get("/v1/jobs?worker=echo&cursor=" + cursor).isProblem(400, "invalid_cursor");
    assertThat(ids("cursor=" + cursor)).hasSize(2);
  }

  @Test
  void workers_show_their_definition_and_what_they_did() {
    client.submit("echo", "1", "Prefer", "wait=20");
    JsonNode worker = client.get("/v1/workers/echo").json();
    assertThat(worker.path("kind").asString()).isEqualTo("builtin");
    assertThat(worker.path("run_timeout").asString()).isEqualTo("20m");
    assertThat(worker.path("deadline").asString()).isEqualTo("7d");
    assertThat(worker.path("retry").path("factor").asString()).isEqualTo("2");
    assertThat(worker.path("source").asString()).isEqualTo("builtin");
    assertThat(worker.path("version").asInt()).isEqualTo(1);
    assertThat(worker.path("paused").asBoolean()).isFalse();
    assertThat(worker.path("stats").path("finished").asInt()).isEqualTo(1);
    assertThat(worker.path("stats").path("window_ms").asInt()).isEqualTo(900_000);
    assertThat(worker.path("stats").path("runners").asInt()).isEqualTo(1);
    assertThat(
            client
                .get("/v1/workers/strict")
                .get("input_schema")
                .path("required")
                .path(0)
                .asString())
        .isEqualTo("text");
    assertThat(client.get("/v1/workers").get("data").size()).isEqualTo(5);
    client.get("/v1/workers/nobody").isProblem(404, "worker_not_found");
  }

  @Test
  void the_server_tells_how_it_is() {
    client.submit("echo", "1", "Prefer", "wait=20");
    assertThat(client.get("/health/live").get("status").asString()).isEqualTo("live");
    assertThat(client.get("/health/ready").get("status").asString()).isEqualTo("ready");
    assertThat(client.get("/v1/system").get("uptime_ms").asLong(-1)).isNotNegative();
    assertThat(client.get("/metrics").text())
        .contains("coatcheck_jobs_submitted_total{worker=\"echo\"} 1.0")
        .contains("coatcheck_jobs_finished_seconds_count{status=\"succeeded\",worker=\"echo\"} 1")
        .contains("coatcheck_http_requests_seconds_count")
        .contains("coatcheck_jobs_open{state=\"running\",worker=\"echo\"}");
    assertThat(client.get("/v1/openapi.yaml").text()).startsWith("openapi: 3.1");
    Client.Answer home = client.get("/");
    assertThat(home.text()).contains("Coatcheck");
    assertThat(home.header("Content-Security-Policy")).contains("default-src 'none'");
    client.get("/nowhere").isProblem(404, "not_found");
    client.get("/health/live?x=1").isProblem(400, "invalid_request");
  }
}
