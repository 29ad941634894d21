package dev.coatcheck.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.client.script.ScriptedServer;
import dev.coatcheck.client.script.ScriptedServer.Act;
import dev.coatcheck.client.script.ScriptedServer.Said;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoatcheckTest {

  private static final String QUEUED = job("queued", false, "null", "null");
  private static final String DONE = job("succeeded", true, "{\"words\":3}", "null");

  private ScriptedServer server;
  private Coatcheck coatcheck;

  record Text(String text) {}

  record Count(int words) {}

  @BeforeEach
  void start() throws Exception {
    server = ScriptedServer.start();
    server.usually("/v1/jobs", call -> new Said(202, Map.of("Retry-After", "1"), QUEUED));
    coatcheck = Coatcheck.connect(server.url(), "a-key").patience(Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static String job(String status, boolean done, String output, String error) {
    return """
    {"id":"job_1","worker":"count","status":"%s","done":%b,"wait_reason":null,"progress":null,
     "attempt":1,"max_attempts":5,"priority":0,"input":{"text":"a b c"},"output":%s,
     "error":%s,"created_at":"2030-01-01T00:00:00.000Z","metadata":{},"a_new_member":[1]}
    """
        .formatted(status, done, output, error);
  }

  @Test
  void a_submission_says_what_was_asked() throws Exception {
    Job job =
        coatcheck.submit(
            "count",
            new Text("a b c"),
            with ->
                with.uniqueKey("u")
                    .priority(7)
                    .delay(Duration.ofMinutes(2))
                    .maxAttempts(2)
                    .metadata("user", "ada")
                    .metadata("team", "x")
                    .idempotencyKey("mine"));
    assertThat(job.id()).isEqualTo("job_1");
    assertThat(job.done()).isFalse();
    ScriptedServer.Seen call = server.calls("/v1/jobs").getFirst();
    assertThat(call.header("Idempotency-Key")).isEqualTo("mine");
    assertThat(call.header("Authorization")).isEqualTo("Bearer a-key");
    assertThat(call.body())
        .hasToString(
            "{\"unique_key\":\"u\",\"priority\":7,\"delay\":\"120000ms\",\"max_attempts\":2,"
                + "\"metadata\":{\"user\":\"ada\",\"team\":\"x\"},\"worker\":\"count\","
                + "\"input\":{\"text\":\"a b c\"}}");
  }

  @Test
  void a_submission_whose_answer_is_lost_is_repeated_under_the_same_key() throws Exception {
    server.next("/v1/jobs", new Act.LoseAnswer(), new Act.LoseAnswer());
    coatcheck.submit("count", new Text("a"));
    List<ScriptedServer.Seen> calls = server.calls("/v1/jobs");
    assertThat(calls).hasSize(3);
    assertThat(calls.getFirst().header("Idempotency-Key")).hasSize(36);
    assertThat(calls)
        .extracting(call -> call.header("Idempotency-Key"))
        .hasSameElementsAs(List.of(calls.getFirst().header("Idempotency-Key")));
  }

  @Test
  void a_refusal_for_now_is_repeated_after_what_retry_after_says() throws Exception {
    server.next(
        "/v1/jobs",
        new Act.Answer(Said.problem(503, "store_unavailable", Map.of("Retry-After", "1"))));
    long begin = System.nanoTime();
    coatcheck.submit("count", new Text("a"));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(990));
    assertThat(server.calls("/v1/jobs")).hasSize(2);
  }

  @Test
  void a_wait_longer_than_patience_is_told_at_once() {
    server.next(
        "/v1/jobs", new Act.Answer(Said.problem(429, "queue_full", Map.of("Retry-After", "300"))));
    assertThatThrownBy(() -> coatcheck.submit("count", new Text("a")))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.code()).isEqualTo("queue_full");
              assertThat(problem.retryAfter()).contains(Duration.ofMinutes(5));
            });
    assertThat(server.calls("/v1/jobs")).hasSize(1);
  }

  @Test
  void what_the_server_says_is_not_worth_repeating_is_not_repeated() {
    server.next(
        "/v1/jobs",
        new Act.Answer(Said.problem(503, "overloaded", Map.of("x-should-retry", "false"))));
    assertThatThrownBy(() -> coatcheck.submit("count", new Text("a")))
        .isInstanceOf(ProblemException.class);
    assertThat(server.calls("/v1/jobs")).hasSize(1);
  }

  @Test
  void a_refusal_names_code_places_and_request() {
    String body =
        """
        {"code":"validation_failed","status":422,"detail":"/input/text: is missing",
         "errors":[{"pointer":"/input/text","detail":"is missing"}]}
        """;
    server.next("/v1/jobs", new Act.Answer(new Said(422, Map.of("X-Request-Id", "req_7"), body)));
    assertThatThrownBy(() -> coatcheck.submit("count", Map.of()))
        .hasMessage("422 validation_failed: /input/text: is missing")
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.status()).isEqualTo(422);
              assertThat(problem.requestId()).isEqualTo("req_7");
              assertThat(problem.faults())
                  .containsExactly(new ProblemException.Fault("/input/text", "is missing"));
            });
  }

  @Test
  void a_server_that_is_not_there_is_unreachable_once_patience_ends() {
    server.close();
    assertThatThrownBy(
            () -> coatcheck.patience(Duration.ofMillis(300)).submit("count", new Text("a")))
        .isInstanceOf(ServerUnreachable.class);
  }

  @Test
  void a_retry_of_a_job_goes_under_a_key_of_its_own() throws Exception {
    server.usually("/retry", call -> new Said(202, Map.of(), QUEUED));
    server.next("/retry", new Act.LoseAnswer());
    coatcheck.retry("job_0");
    assertThat(server.calls("/retry"))
        .hasSize(2)
        .extracting(call -> call.header("Idempotency-Key"))
        .doesNotContain("null")
        .containsOnly(server.calls("/retry").getFirst().header("Idempotency-Key"));
  }

  @Test
  void await_asks_the_server_to_wait_and_gives_the_typed_output() throws Exception {
    Map<String, String> waited = Map.of("Preference-Applied", "wait=20");
    server.usually("/v1/jobs/job_1", call -> new Said(200, waited, DONE));
    server.next("/v1/jobs/job_1", new Act.Answer(new Said(200, waited, QUEUED)));
    Outcome<Count> outcome = coatcheck.await("job_1", Count.class, Duration.ofSeconds(20));
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    assertThat(outcome.output()).isEqualTo(new Count(3));
    assertThat(server.calls("/job_1")).hasSize(2);
    assertThat(server.calls("/job_1").getFirst().header("Prefer")).matches("wait=(19|20)");
  }

  @Test
  void await_polls_at_the_pace_of_a_server_that_does_not_wait() throws Exception {
    server.usually("/v1/jobs/job_1", call -> new Said(200, Map.of(), DONE));
    server.next(
        "/v1/jobs/job_1", new Act.Answer(new Said(200, Map.of("Retry-After", "1"), QUEUED)));
    long begin = System.nanoTime();
    coatcheck.await("job_1", Count.class, Duration.ofSeconds(20)).output();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void await_ends_with_an_open_job_when_the_time_is_over() throws Exception {
    server.usually("/v1/jobs/job_1", call -> new Said(200, Map.of("Retry-After", "9"), QUEUED));
    Outcome<Count> outcome = coatcheck.await("job_1", Count.class, Duration.ofMillis(1200));
    assertThat(outcome).isInstanceOf(Outcome.Open.class);
    assertThatThrownBy(outcome::output).isInstanceOf(JobStillOpen.class);
  }

  @Test
  void a_job_that_failed_throws_its_error() throws Exception {
    String error =
        """
        {"code":"upstream_rejected","message":"too long","retryable":false,"attempt":1,
         "upstream":{"status":400}}
        """;
    server.usually(
        "/v1/jobs/job_1", call -> new Said(200, Map.of(), job("failed", true, "null", error)));
    Outcome<Count> outcome = coatcheck.await("job_1", Count.class, Duration.ofSeconds(5));
    assertThatThrownBy(outcome::output)
        .hasMessage("job_1 failed: upstream_rejected: too long")
        .isInstanceOfSatisfying(
            JobFailed.class,
            failed ->
                assertThat(String.valueOf(failed.error().upstream()))
                    .isEqualTo("{\"status\":400}"));
  }
}
