package dev.coatcheck.runners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runners and servers that are killed, stopped and cut off in the middle of work. */
@Timeout(150)
class LostRunnersTest {

  private static final Duration LEASE = Duration.ofSeconds(2);

  /** The lease and two seconds; and what this machine may take to notice. */
  private static final Duration AGAIN = LEASE.plusSeconds(2).plusMillis(500);

  private static final int MAX_LOST = 3;

  @TempDir private Path folder;
  private RealServer server;
  private Api api;

  @BeforeEach
  void start() throws Exception {
    server = RealServer.start(folder.resolve("data"), LEASE);
    api = new Api(server.url());
    api.define("enrich", "\"max_lost\":" + MAX_LOST);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RunnerProcess runner(int concurrency) throws Exception {
    return RunnerProcess.python(server.url(), "enrich", concurrency);
  }

  /** When the attempt with this number began. */
  private Instant began(String id, int attempt) throws Exception {
    JsonNode attempts = api.get("/v1/jobs/" + id + "/attempts").ok().path("data");
    return attempts
        .valueStream()
        .filter(each -> each.path("number").asInt() == attempt)
        .map(each -> Instant.parse(each.path("started_at").asString()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_job_whose_runner_is_killed_runs_again_within_the_lease_and_two_seconds() throws Exception {
    try (RunnerProcess first = runner(1)) {
      String id = api.submit("enrich", "{\"seconds\":3,\"say\":\"a b c\"}");
      api.until(id, job -> job.path("progress").path("stage").asString("").equals("a"));
      try (RunnerProcess second = runner(1)) {
        Instant killed = Instant.now();
        first.signal("KILL");
        api.until(id, job -> job.path("attempt").asInt() == 2);
        assertThat(Duration.between(killed, began(id, 2))).isLessThan(AGAIN);
        JsonNode job = api.succeeded(id);
        assertThat(job.path("output").path("pid").asLong()).isEqualTo(second.pid());
        assertThat(api.attempts(id)).containsExactly("1 lost", "2 succeeded");
      }
    }
  }

  @Test
  void nothing_is_seen_of_a_runner_that_slept_through_its_lease() throws Exception {
    try (RunnerProcess sleeper = runner(1)) {
      String id = api.submit("enrich", "{\"seconds\":3,\"say\":\"a b c\"}");
      api.until(id, job -> job.path("progress").path("stage").asString("").equals("a"));
      sleeper.signal("STOP");
      try (RunnerProcess second = runner(1)) {
        JsonNode job = api.succeeded(id);
        assertThat(job.path("output").path("pid").asLong()).isEqualTo(second.pid());
        String before = api.get("/v1/jobs/" + id + "/events?limit=200").ok().toString();
        second.signal("KILL");
        sleeper.signal("CONT");
        await().atMost(Duration.ofSeconds(20)).until(() -> sleeper.said().contains(id));
        assertThat(api.get("/v1/jobs/" + id + "/events?limit=200").ok()).hasToString(before);
        assertThat(api.attempts(id)).containsExactly("1 lost", "2 succeeded");
        String next = api.submit("enrich", "{}");
        assertThat(api.succeeded(next).at("/output/pid").asLong()).isEqualTo(sleeper.pid());
      }
    }
  }

  @Test
  void a_grant_whose_answer_is_lost_runs_again_although_the_runner_lives() throws Exception {
    try (Relay relay = Relay.before(server.url());
        RunnerProcess runner = RunnerProcess.python(relay.url(), "enrich", 2)) {
      String steady = api.submit("enrich", "{\"seconds\":9,\"say\":\"a b c d e f g h i\"}");
      // Once the runner speaks of it, the answer that granted it has passed the relay.
      api.until(steady, job -> job.path("progress").path("stage").asString("").equals("a"));
      relay.loseNextGrant();
      Instant handedIn = Instant.now();
      String id = api.submit("enrich", "{}");
      JsonNode job = api.succeeded(id);
      assertThat(relay.lost()).isEqualTo(1);
      assertThat(api.attempts(id)).containsExactly("1 lost", "2 succeeded");
      assertThat(Duration.between(handedIn, began(id, 2))).isLessThan(AGAIN);
      assertThat(job.path("output").path("pid").asLong()).isEqualTo(runner.pid());
      assertThat(api.succeeded(steady).path("attempt").asInt()).isEqualTo(1);
    }
  }

  @Test
  void a_job_that_kills_every_runner_ends_as_runner_lost_while_all_others_finish()
      throws Exception {
    List<Supervisor> supervisors = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        supervisors.add(new Supervisor(server.url(), "enrich"));
      }
      List<String> good = new ArrayList<>();
      String poison = "";
      for (int i = 0; i < 20; i++) {
        good.add(api.submit("enrich", "{\"seconds\":0.2}"));
        poison = i == 5 ? api.submit("enrich", "{\"crash\":true}") : poison;
      }
      JsonNode dead = api.done(poison);
      assertThat(dead.path("status").asString()).as("%s", dead).isEqualTo("failed");
      assertThat(dead.at("/error/code").asString()).isEqualTo("runner_lost");
      assertThat(api.attempts(poison)).containsExactly("1 lost", "2 lost", "3 lost");
      for (String id : good) {
        assertThat(api.succeeded(id).path("attempt").asInt()).isEqualTo(1);
      }
      assertThat(supervisors)
          .extracting(Supervisor::deaths)
          .matches(deaths -> deaths.stream().mapToInt(Integer::intValue).sum() == MAX_LOST);
    } finally {
      supervisors.forEach(Supervisor::close);
    }
  }
}
