package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.operation.Order;
import dev.coatcheck.operation.Pace;
import dev.coatcheck.store.Command;
import dev.coatcheck.worker.WorkerSpec;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dead letters, bulk cancels and operations over HTTP, and the page of dead letters. */
class ManyJobsTest {

  /** Fails for good unless its input says {@code {"ok": true}}. */
  private static final String PICKY = "picky";

  private static final String SCHEMA =
      """
      {"type": "object", "properties": {"ok": {"type": "boolean"}, "n": {"type": "integer"}},
       "additionalProperties": false}\
      """;

  private TestServer server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    client = server.client;
    server.serve(
        WorkerSpec.named(PICKY).maxAttempts(1).inputSchema(Payload.utf8(SCHEMA)).build(),
        (context, input) -> {
          if (input.text().contains("\"ok\":true")) {
            return Reply.completed(input);
          }
          throw WorkFailure.permanent(ErrorCode.UPSTREAM_REJECTED, "no 7 of " + input.text());
        });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_dead_letter_is_listed_with_what_its_job_tells() {
    String id = dead("{\"n\":1}");

    Client.Answer page = client.get("/v1/dead-letters?worker=picky&code=upstream_rejected");

    assertThat(page.at("/data/0/job_id").asString()).isEqualTo(id);
    assertThat(page.at("/data/0/message").asString()).isEqualTo("no 7 of {\"n\":1}");
    assertThat(page.at("/data/0/reason").asString()).isEqualTo("permanent");
    assertThat(page.at("/data/0/attempts").asInt()).isEqualTo(1);
    assertThat(page.at("/data/0/state").asString()).isEqualTo("open");
    assertThat(page.at("/data/0/redriven_as").isNull()).isTrue();
    assertThat(page.get("has_more").asBoolean()).isFalse();
    assertThat(client.get("/v1/dead-letters?worker=echo").get("data")).isEmpty();
  }

  @Test
  void pages_join_and_a_cursor_is_bound_to_its_filters() {
    List<String> all = dead(5);
    List<String> joined = new ArrayList<>();
    String cursor = "";
    do {
      Client.Answer page =
          client.get("/v1/dead-letters?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
      page.get("data").forEach(letter -> joined.add(letter.path("job_id").asString()));
      cursor = page.get("next_cursor").asString("");
    } while (!cursor.isEmpty());
    assertThat(joined).containsExactlyInAnyOrderElementsOf(all);
    String first = client.get("/v1/dead-letters?limit=2").get("next_cursor").asString();
    client
        .get("/v1/dead-letters?limit=2&worker=picky&cursor=" + first)
        .isProblem(400, "invalid_cursor");
    client.get("/v1/dead-letters?cursor=x").isProblem(400, "invalid_cursor");
  }

  @Test
  void groups_count_what_looks_alike() {
    dead(3);

    Client.Answer groups = client.get("/v1/dead-letters/groups");

    assertThat(groups.get("data")).hasSize(1);
    assertThat(groups.at("/data/0/count").asInt()).isEqualTo(3);
    String fingerprint = groups.at("/data/0/fingerprint").asString();
    assertThat(client.get("/v1/dead-letters?fingerprint=" + fingerprint).get("data")).hasSize(3);
    assertThat(client.get("/v1/dead-letters/groups?worker=echo").get("data")).isEmpty();
  }

  @Test
  void bad_filters_and_selections_are_told() {
    client.get("/v1/dead-letters?state=lost").isProblem(400, "invalid_request");
    client.get("/v1/dead-letters?code=nope").isProblem(400, "invalid_request");
    client.get("/v1/dead-letters?failed_after=now").isProblem(400, "invalid_request");
    client.get("/v1/dead-letters?worke=x").isProblem(400, "invalid_request");
    for (String route : List.of("dead-letters:redrive", "dead-letters:discard", "jobs:cancel")) {
      String path = "/v1/" + route;
      assertThat(client.post(path, "{}").isProblem(422, "validation_failed").pointers())
          .containsExactly("/ids");
      client.post(path, "{\"ids\":[],\"filter\":{}}").isProblem(422, "validation_failed");
      client.post(path, "{\"ids\":[]}").isProblem(422, "validation_failed");
      assertThat(
              client
                  .post(path, "{\"ids\":[\"" + "job_x" + "\"]}")
                  .isProblem(422, "validation_failed")
                  .pointers())
          .containsExactly("/ids/0");
      String many = "\"job_00000000000000000000000000\",".repeat(100);
      client
          .post(path, "{\"ids\":[" + many + "\"job_00000000000000000000000000\"]}")
          .isProblem(422, "validation_failed");
      assertThat(
              client
                  .post(path, "{\"filter\":{\"fingerprin\":1}}")
                  .isProblem(400, "unknown_field")
                  .pointers())
          .containsExactly("/filter/fingerprin");
      client.post(path, "{\"filter\":{},\"limit\":0}").isProblem(422, "validation_failed");
    }
    client
        .post("/v1/dead-letters:redrive", "{\"filter\":{},\"worker\":\"nobody\"}")
        .isProblem(404, "worker_not_found");
    client
        .post("/v1/jobs:cancel", "{\"filter\":{\"status\":\"succeeded\"}}")
        .isProblem(422, "validation_failed");
    client
        .post("/v1/jobs:cancel", "{\"filter\":{\"metadata.color\":\"red\"}}")
        .isProblem(400, "filter_not_indexed");
  }

  @Test
  void letters_named_are_redriven_once_with_their_input_patched() {
    String id = dead("{\"n\":1}");
    String open = client.submitted(TestServer.HELD, "{}");
    String ids = "{\"ids\":[\"" + id + "\",\"" + open + "\"],\"input_patch\":{\"ok\":true}}";
    assertThat(post("dead-letters:redrive", ids.replace("}}", "},\"dry_run\":true}")).text())
        .isEqualTo("{\"matched\":1,\"sample\":[\"" + id + "\"]}");

    Client.Answer first = post("dead-letters:redrive", ids);

    String again = first.at("/redriven/0/job").asString();
    assertThat(first.at("/redriven/0/from").asString()).isEqualTo(id);
    assertThat(first.at("/skipped/0/from").asString()).isEqualTo(open);
    assertThat(first.at("/skipped/0/code").asString()).isEqualTo("not_a_dead_letter");
    Client.Answer job = client.until(again, "succeeded");
    assertThat(job.get("input").toString()).isEqualTo("{\"n\":1,\"ok\":true}");
    assertThat(job.get("retry_of").asString()).isEqualTo(id);
    Client.Answer second = post("dead-letters:redrive", ids);
    assertThat(second.get("redriven")).isEmpty();
    assertThat(second.at("/skipped/0/code").asString()).isEqualTo("already_redriven");
    assertThat(client.get("/v1/dead-letters?state=redriven").at("/data/0/redriven_as").asString())
        .isEqualTo(again);
    assertThat(client.get("/v1/dead-letters").get("data")).isEmpty();
  }

  @Test
  void an_input_that_does_not_fit_leaves_the_letter_open() {
    String id = dead("{\"n\":1}");
    String body = "{\"ids\":[\"" + id + "\"],\"input_patch\":{\"n\":\"x\"}}";

    assertThat(post("dead-letters:redrive", body).at("/skipped/0/code").asString())
        .isEqualTo("input_invalid");

    Client.Answer end =
        finished("dead-letters:redrive", "{\"filter\":{},\"input_patch\":{\"n\":\"x\"}}");
    assertThat(end.get("failed").asInt()).isEqualTo(1);
    assertThat(client.get("/v1/dead-letters").get("data")).hasSize(1);
  }

  @Test
  void an_operation_redrives_what_a_filter_names_on_another_worker() {
    List<String> all = dead(7);
    client.until(client.submitted(TestServer.BROKEN, "{}"), "failed");
    Client.Answer dry = post("dead-letters:redrive", "{\"filter\":{},\"dry_run\":true}");
    assertThat(dry.get("matched").asInt()).isEqualTo(8);
    assertThat(dry.get("sample")).hasSize(8);

    Client.Answer end =
        finished("dead-letters:redrive", "{\"filter\":{\"worker\":\"picky\"},\"worker\":\"echo\"}");

    assertThat(end.get("kind").asString()).isEqualTo("redrive");
    assertThat(end.get("matched").asInt()).isEqualTo(7);
    assertThat(end.get("succeeded").asInt()).isEqualTo(7);
    assertThat(end.get("finished_at").asString()).endsWith("Z");
    Set<String> redriven = new HashSet<>();
    client
        .get("/v1/dead-letters?state=redriven")
        .get("data")
        .forEach(letter -> {
          redriven.add(letter.path("job_id").asString());
          client.until(letter.path("redriven_as").asString(), "succeeded");
        });
    assertThat(redriven).containsExactlyInAnyOrderElementsOf(all);
    assertThat(client.get("/v1/dead-letters").get("data")).hasSize(1);
  }

  @Test
  void a_limit_ends_an_operation() {
    dead(5);

    Client.Answer end = finished("dead-letters:redrive", "{\"filter\":{},\"limit\":2}");

    assertThat(end.get("matched").asInt()).isEqualTo(2);
    assertThat(end.get("succeeded").asInt()).isEqualTo(2);
  }

  @Test
  void a_rate_is_kept() {
    dead(4);
    long began = System.nanoTime();

    Client.Answer end = finished("dead-letters:redrive", "{\"filter\":{},\"rate_per_second\":2}");

    assertThat(end.get("succeeded").asInt()).isEqualTo(4);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void letters_are_discarded_and_their_jobs_can_be_retried() {
    String id = dead("{\"n\":1}");
    dead(3);
    assertThat(post("dead-letters:discard", "{\"ids\":[\"" + id + "\"]}").text())
        .isEqualTo("{\"discarded\":1}");
    assertThat(client.get("/v1/dead-letters?state=discarded").at("/data/0/job_id").asString())
        .isEqualTo(id);
    assertThat(
            post("dead-letters:redrive", "{\"ids\":[\"" + id + "\"]}")
                .at("/skipped/0/code")
                .asString())
        .isEqualTo("discarded");
    assertThat(client.post("/v1/jobs/" + id + "/retry", "{}").status()).isEqualTo(202);

    assertThat(
            post("dead-letters:discard", "{\"filter\":{\"worker\":\"picky\"},\"limit\":2}").text())
        .isEqualTo("{\"discarded\":2}");
    post("dead-letters:discard", "{\"filter\":{\"worker\":\"picky\"}}");
    assertThat(client.get("/v1/dead-letters?state=discarded").get("data").size())
        .isGreaterThanOrEqualTo(4);
  }

  @Test
  void jobs_named_are_canceled_in_the_answer() {
    String running = client.submitted(TestServer.HELD, "{}");
    client.until(running, "running");
    String done = client.submitted(TestServer.ECHO, "1");
    client.until(done, "succeeded");
    String none = "job_00000000000000000000000000";
    String ids = "{\"ids\":[\"" + running + "\",\"" + done + "\",\"" + none + "\"]}";

    Client.Answer answer = post("jobs:cancel", ids);

    assertThat(answer.get("canceled").toString()).isEqualTo("[\"" + running + "\"]");
    assertThat(answer.at("/skipped/0/code").asString()).isEqualTo("job_done");
    assertThat(answer.at("/skipped/1/code").asString()).isEqualTo("not_found");
    assertThat(client.job(running).get("status").asString()).isEqualTo("canceled");
  }

  @Test
  void a_filter_cancels_what_waits_and_leaves_what_runs() {
    String running = client.submitted(TestServer.NARROW, "{}");
    client.until(running, "running");
    String queued = client.submitted(TestServer.NARROW, "{}");
    String later = client.submitted(TestServer.NARROW, "{}");
    String filter = "{\"filter\":{\"worker\":\"narrow\",\"status\":\"queued\"}";
    assertThat(post("jobs:cancel", filter + ",\"dry_run\":true}").get("matched").asInt())
        .isEqualTo(2);

    Client.Answer end = finished("jobs:cancel", filter + "}");

    assertThat(end.get("kind").asString()).isEqualTo("cancel");
    assertThat(end.get("succeeded").asInt()).isEqualTo(2);
    assertThat(client.job(queued).get("status").asString()).isEqualTo("canceled");
    assertThat(client.job(later).get("status").asString()).isEqualTo("canceled");
    assertThat(client.job(running).get("status").asString()).isEqualTo("running");
    finished("jobs:cancel", "{\"filter\":{}}");
    assertThat(client.job(running).get("status").asString()).isEqualTo("canceled");
  }

  @Test
  void an_operation_of_another_tenant_is_not_found() {
    OperationId id = new OperationId(1L << 40, 7);
    Order order = new Order.Cancel(dev.coatcheck.job.JobFilter.of("none"));
    server.store.commit(List.of(new Command.Begin(id, new TenantId("bob"), order, Pace.FREE, 0)));

    client.get("/v1/operations/" + id).isProblem(404, "not_found");
    client.get("/v1/operations/op_x").isProblem(404, "not_found");
  }

  @Test
  void the_page_shows_groups_and_redrives_and_discards_by_buttons() {
    String id = dead("{\"n\":1}");
    dead(2);
    assertThat(page("/dead-letters"))
        .contains("upstream_rejected", "Redrive all", "Discard all", "/jobs/" + id);
    assertThat(page("/jobs/" + id)).contains("Kept as a dead letter, open");

    Client.Answer one = form("/dead-letters/redrive", "id=" + id);
    assertThat(one.status()).isEqualTo(303);
    assertThat(one.header("Location")).startsWith("/jobs/job_").doesNotContain(id);
    client.until(one.header("Location").substring("/jobs/".length()), "failed");

    Client.Answer discarded = form("/dead-letters/discard", "worker=picky");
    assertThat(discarded.header("Location")).isEqualTo("/dead-letters?worker=picky");
    assertThat(page("/dead-letters")).contains("No dead letters");
    assertThat(page("/dead-letters?state=discarded")).doesNotContain("Redrive all");

    dead(2);
    Client.Answer all = form("/dead-letters/redrive", "worker=picky");
    assertThat(page(all.header("Location"))).contains("id=\"operation\"", "of 2 handed in");
  }

  private String page(String path) {
    Client.Answer answer = client.get(path, "Accept", "text/html");
    assertThat(answer.status()).as(path).isEqualTo(200);
    return answer.text();
  }

  private Client.Answer form(String path, String body) {
    return client.send(
        client
            .request(path)
            .header("Accept", "text/html")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private String dead(String input) {
    String id = client.submitted(PICKY, input);
    client.until(id, "failed");
    return id;
  }

  private List<String> dead(int jobs) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      ids.add(dead("{\"n\":" + i + "}"));
    }
    return ids;
  }

  private Client.Answer post(String route, String body) {
    Client.Answer answer = client.post("/v1/" + route, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  /** Begins an operation and waits for its end. */
  private Client.Answer finished(String route, String body) {
    Client.Answer begun = client.post("/v1/" + route, body);
    assertThat(begun.status()).as(begun.text()).isEqualTo(202);
    assertThat(begun.header("Location")).endsWith("/v1/operations/" + begun.id());
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> client.get("/v1/operations/" + begun.id()),
            operation -> operation.get("done").asBoolean());
  }
}
