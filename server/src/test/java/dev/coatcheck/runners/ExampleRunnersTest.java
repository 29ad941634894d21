package dev.coatcheck.runners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The runners in {@code examples} do what the protocol's page says. */
@Timeout(120)
class ExampleRunnersTest {

  private static final int LINES_MAX = 60;

  @TempDir private static Path folder;
  private static RealServer server;
  private static Api api;

  @BeforeAll
  static void start() throws Exception {
    server = RealServer.start(folder.resolve("data"), Duration.ofSeconds(2));
    api = new Api(server.url());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RunnerProcess run(String language) throws Exception {
    api.define(language, "\"retry\":{\"base\":\"10ms\",\"max\":\"10ms\"}");
    return RunnerProcess.example(language, server.url(), language, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "node"})
  void a_job_is_worked_on_with_progress_and_output(String language) throws Exception {
    try (RunnerProcess runner = run(language)) {
      String id = api.submit(language, "{\"seconds\":0.4,\"say\":\"to be or not\"}");
      JsonNode job = api.succeeded(id);
      assertThat(job.path("output").path("said").asString()).isEqualTo("to be or not");
      assertThat(job.path("output").path("pid").asLong()).isEqualTo(runner.pid());
      assertThat(job.path("attempt").asInt()).isEqualTo(1);
      assertThat(
              api.events(id, "output").stream()
                  .flatMap(event -> event.path("chunks").valueStream())
                  .map(JsonNode::asString))
          .containsExactly("to ", "be ", "or ", "not ");
      assertThat(api.events(id, "progress")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "node"})
  void several_jobs_are_worked_on_at_a_time(String language) throws Exception {
    try (RunnerProcess runner = run(language)) {
      List<String> ids =
          IntStream.range(0, 9).mapToObj(n -> submit(language, "{\"seconds\":0.3}")).toList();
      ids.forEach(api::succeeded);
      assertThat(runner.alive()).isTrue();
    }
  }

  private static String submit(String worker, String input) {
    try {
      return api.submit(worker, input);
    } catch (IOException | InterruptedException trouble) {
      throw new AssertionError(trouble);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "node"})
  void a_failure_is_told_and_tried_again(String language) throws Exception {
    try (RunnerProcess runner = run(language)) {
      api.post(
              "/v1/jobs",
              "{\"worker\":\"%s\",\"max_attempts\":2,\"input\":{\"fail\":\"oh no\"},\"unique_key\":\"f\"}"
                  .formatted(language))
          .ok();
      String id = api.get("/v1/jobs?limit=1&worker=" + language).ok().at("/data/0/id").asString();
      JsonNode job = api.done(id);
      assertThat(job.at("/error/code").asString()).isEqualTo("worker_error");
      assertThat(job.at("/error/message").asString()).isEqualTo("oh no");
      assertThat(api.attempts(id)).containsExactly("1 failed", "2 failed");
      assertThat(runner.alive()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "node"})
  void a_cancel_stops_the_work(String language) throws Exception {
    try (RunnerProcess runner = run(language)) {
      String id = api.submit(language, "{\"seconds\":60,\"say\":\"never\"}");
      api.running(id);
      api.post("/v1/jobs/" + id + "/cancel", "{}").ok();
      await().atMost(Duration.ofSeconds(10)).until(() -> runner.said().contains(id));
      assertThat(api.job(id).path("status").asString()).isEqualTo("canceled");
      api.succeeded(api.submit(language, "{}"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "node"})
  void sigterm_lets_work_finish_and_takes_no_more(String language) throws Exception {
    try (RunnerProcess runner = run(language)) {
      String id = api.submit(language, "{\"seconds\":2}");
      api.running(id);
      runner.signal("TERM");
      assertThat(runner.ended()).isZero();
      assertThat(api.succeeded(id).path("attempt").asInt()).isEqualTo(1);
      String later = api.submit(language, "{}");
      assertThat(api.job(later).path("status").asString()).isEqualTo("queued");
      api.post("/v1/jobs/" + later + "/cancel", "{}").ok();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python-runner/runner.py", "node-runner/runner.mjs"})
  void the_whole_runner_fits_on_a_page(String file) throws Exception {
    assertThat(Files.readAllLines(Path.of("..", "examples", file)))
        .hasSizeLessThanOrEqualTo(LINES_MAX)
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
  }
}
