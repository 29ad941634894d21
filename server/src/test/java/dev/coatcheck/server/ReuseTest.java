package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.server.Client.Answer;
import dev.coatcheck.server.Runner.Lease;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Jobs that ask for the same work share a run that is under way, or a result that is kept. */
class ReuseTest {

  private static final String SHARED = "shared";
  private static final String KEPT = "kept";

  private TestServer server;
  private Client client;
  private Runner runner;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    client = server.client;
    runner = new Runner(client);
    Runner.define(client, SHARED, "\"coalesce\":\"inflight\"");
    Runner.define(client, KEPT, "\"cache_ttl\":\"1h\"");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer submit(String worker, String input, String... options) {
    return client.post(
        "/v1/jobs",
        "{\"worker\":\"" + worker + "\",\"input\":" + input + String.join("", options) + "}");
  }

  private Answer done(String id) {
    Answer job = client.get("/v1/jobs/" + id, "Prefer", "wait=30");
    assertThat(job.get("done").asBoolean()).as(job.text()).isTrue();
    return job;
  }

  @Test
  void sixty_four_at_once_are_one_run_and_each_is_answered() throws Exception {
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      calls.add(() -> submit(SHARED, "{\"b\":1.0,\"a\":\"x\"}"));
    }
    Set<String> ids = new HashSet<>();
    Set<String> leaders = new HashSet<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> future : pool.invokeAll(calls)) {
        Answer answer = future.get();
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.get("status").asString()).isEqualTo("queued");
        assertThat(answer.get("wait_reason").asString()).isEqualTo("coalesced");
        ids.add(answer.id());
        leaders.add(answer.get("coalesced_with").asString("itself"));
      }
    }
    assertThat(ids).hasSize(64);
    assertThat(leaders).hasSize(2).contains("itself");
    Answer other = submit(SHARED, "{\"a\":\"x\",\"b\":1}");
    assertThat(other.get("coalesced_with").isNull()).isFalse();

    Lease run = runner.lease(SHARED);
    for (String id : ids) {
      assertThat(client.job(id).get("status").asString()).isEqualTo("running");
    }
    assertThat(client.get("/v1/jobs").get("data").size()).isEqualTo(50);
    assertThat(client.get("/v1/jobs/" + run.job()).status()).isEqualTo(404);
    run.say("complete", "{\"output\":{\"n\":1.10}}");

    for (String id : ids) {
      assertThat(done(id).text()).contains("\"output\":{\"n\":1.10}");
    }
    assertThat(client.get("/v1/workers/" + SHARED).at("/stats/finished").asInt()).isEqualTo(1);
  }

  @Test
  void cancel_of_all_but_one_lets_the_run_go_on_and_cancel_of_the_last_stops_it() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(submit(SHARED, "1").id());
    }
    Lease run = runner.lease(SHARED);
    for (String id : ids.subList(0, 4)) {
      Answer canceled = client.post("/v1/jobs/" + id + "/cancel", "");
      assertThat(canceled.get("status").asString()).isEqualTo("canceled");
      assertThat(canceled.at("/cancel/was").asString()).isEqualTo("running");
    }
    assertThat(run.say("progress", "{\"fraction\":0.5}").get("state").asString()).isEqualTo("ok");
    assertThat(client.job(ids.getLast()).at("/progress/fraction").asDouble()).isEqualTo(0.5);

    client.post("/v1/jobs/" + ids.getLast() + "/cancel", "");

    run.say("complete", "{\"output\":1}").isProblem(409, "lease_lost");
    assertThat(client.job(ids.getLast()).get("status").asString()).isEqualTo("canceled");
  }

  @Test
  void a_stream_tells_of_the_run_from_its_beginning() throws Exception {
    String first = submit(SHARED, "1").id();
    Lease run = runner.lease(SHARED);
    run.say("output", "{\"offset\":0,\"chunks\":[\"Hel\",\"lo\"]}");
    String late = submit(SHARED, "1").id();
    assertThat(late).isNotEqualTo(first);
    run.say("complete", "{\"output\":\"Hello\"}");
    done(late);

    List<JsonNode> events =
        client.get("/v1/jobs/" + late + "/events").get("data").valueStream().toList();

    assertThat(events)
        .extracting(event -> event.path("type").asString())
        .containsExactly("status", "status", "output", "done");
    assertThat(events)
        .allSatisfy(event -> assertThat(event.path("job_id").asString()).isEqualTo(late));
  }

  @Test
  void a_kept_result_answers_in_the_submit_itself() {
    Answer first = submit(KEPT, "{\"b\":1.0,\"a\":\"x\"}");
    runner.lease(KEPT).say("complete", "{\"output\":{\"n\":1.10},\"usage\":{\"input_tokens\":7}}");
    assertThat(done(first.id()).get("cached").asBoolean()).isFalse();

    Answer again = submit(KEPT, "{\"a\":\"x\",\"b\":1}");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.id()).isNotEqualTo(first.id());
    assertThat(again.get("cached").asBoolean()).isTrue();
    assertThat(again.get("status").asString()).isEqualTo("succeeded");
    assertThat(again.text()).contains("\"output\":{\"n\":1.10}");
    assertThat(again.at("/usage/input_tokens").isNull()).isTrue();
    assertThat(again.get("duration_ms").asInt()).isZero();
    assertThat(client.get("/v1/jobs/" + again.id() + "/result").text()).isEqualTo("{\"n\":1.10}");
  }

  @Test
  void a_caller_may_want_it_anew_or_for_itself() {
    Answer first = submit(KEPT, "1");
    runner.lease(KEPT).say("complete", "{\"output\":\"old\"}");
    done(first.id());

    assertThat(submit(KEPT, "1", ",\"cache\":\"off\"").status()).isEqualTo(202);
    runner.lease(KEPT).say("complete", "{\"output\":\"mine\"}");
    assertThat(submit(KEPT, "1").get("output").asString()).isEqualTo("old");

    assertThat(submit(KEPT, "1", ",\"cache\":\"refresh\"").status()).isEqualTo(202);
    runner.lease(KEPT).say("complete", "{\"output\":\"new\"}");
    assertThat(submit(KEPT, "1", ",\"cache\":\"use\"").get("output").asString()).isEqualTo("new");

    Answer retry = client.post("/v1/jobs/" + first.id() + "/retry", "{}");
    assertThat(retry.status()).isEqualTo(202);
    submit(KEPT, "1", ",\"cache\":\"maybe\"").isProblem(422, "validation_failed");
  }

  @Test
  void another_version_of_the_worker_is_other_work() {
    Answer first = submit(KEPT, "1");
    runner.lease(KEPT).say("complete", "{\"output\":1}");
    done(first.id());

    Runner.define(client, KEPT, "\"cache_ttl\":\"1h\",\"description\":\"better\"");

    assertThat(submit(KEPT, "1").status()).isEqualTo(202);
  }
}
