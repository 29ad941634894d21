package dev.coatcheck.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two servers on one PostgreSQL: whatever is done on one is seen on the other. */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoNodesTest {

  private static final Duration LEASE = Duration.ofSeconds(5);

  @TempDir static Path folder;

  private static EmbeddedPostgres database;
  private static ServerProcess first;
  private static ServerProcess second;
  private static Caller here;
  private static Caller there;

  @BeforeAll
  static void start() throws IOException {
    database = EmbeddedPostgres.builder().start();
    first = node("first");
    second = node("second");
    here = new Caller(first.url());
    there = new Caller(second.url());
  }

  private static ServerProcess node(String name) throws IOException {
    Path data = Files.createDirectories(folder.resolve(name));
    String url = "postgresql://postgres@localhost:" + database.getPort() + "/postgres";
    return ServerProcess.start(
        data,
        Map.of("COATCHECK_STORE_URL", url, "COATCHECK_LEASE_DURATION", LEASE.toSeconds() + "s"));
  }

  @AfterAll
  static void stop() throws IOException {
    first.close();
    second.close();
    database.close();
  }

  private static String submit(Caller caller, int durationMs) throws Exception {
    Caller.Answer answer =
        caller.post(
            "/v1/jobs", "{\"worker\":\"simulate\",\"input\":{\"duration_ms\":" + durationMs + "}}");
    assertThat(answer.status()).as("%s", answer).isEqualTo(202);
    return answer.body().get("id").asString();
  }

  @Test
  @Order(1)
  void a_job_handed_in_here_is_awaited_there() throws Exception {
    List<Long> late = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String id = submit(here, 150);
      JsonNode job = there.done(id);
      long heard = System.currentTimeMillis();
      assertThat(job.get("status").asString()).isEqualTo("succeeded");
      late.add(heard - Instant.parse(job.get("finished_at").asString()).toEpochMilli());
    }
    late.sort(null);
    // Without hints between the nodes it would be a second or more each time.
    assertThat(late.get(10)).as("milliseconds from the end to the news, %s", late).isLessThan(500);
  }

  @Test
  @Order(2)
  void a_job_that_runs_here_is_canceled_there_and_its_handler_stops() throws Exception {
    String id = submit(here, 60_000);
    Caller.Answer canceled = there.post("/v1/jobs/" + id + "/cancel");
    assertThat(canceled.body().get("status").asString()).isEqualTo("canceled");
    assertThat(here.get("/v1/jobs/" + id).body().get("status").asString()).isEqualTo("canceled");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !there.get("/v1/jobs/" + id).body().at("/cancel/runner_stopped_at").isNull());
  }

  @Test
  @Order(3)
  void a_worker_paused_here_is_paused_there() throws Exception {
    assertThat(here.post("/v1/workers/simulate/pause").ok()).isTrue();
    String id = submit(there, 10);
    assertThat(there.get("/v1/jobs/" + id).body().get("wait_reason").asString())
        .isEqualTo("paused");
    assertThat(there.post("/v1/workers/simulate/resume").ok()).isTrue();
    assertThat(here.done(id).get("status").asString()).isEqualTo("succeeded");
  }

  @Test
  @Order(4)
  void jobs_of_a_killed_node_run_again_on_the_other() throws Exception {
    String id = submit(here, 8_000);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> there.get("/v1/jobs/" + id).body().get("status").asString().equals("running"));
    Instant killed = Instant.now();
    first.kill();

    JsonNode job = there.done(id);

    assertThat(job.get("status").asString()).isEqualTo("succeeded");
    assertThat(job.get("attempt").asInt()).isEqualTo(2);
    JsonNode again = there.get("/v1/jobs/" + id + "/attempts").body().at("/data/1");
    Instant began = Instant.parse(again.get("started_at").asString());
    assertThat(Duration.between(killed, began)).isLessThan(LEASE.plusSeconds(2));
  }
}
