package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.server.Client.Answer;
import dev.coatcheck.server.config.ConfigLoader;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Schedules over HTTP and on their page, on a whole server. */
@Timeout(120)
class SchedulesTest {

  private static final String PATH = "/v1/schedules/s";
  private static final String HOURLY =
      "{\"worker\":\"simulate\",\"input\":{},\"every\":\"1h\",\"overlap\":\"skip\"}";

  @TempDir private Path directory;
  private Coatcheck server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    Map<String, String> flags =
        Map.of(
            "server.port", "0",
            "server.grace", "1s",
            "data.dir", directory.resolve("data").toString());
    server = Coatcheck.start(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    client = new Client(server.url());
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void a_schedule_is_made_replaced_left_as_it_is_and_ended() {
    Answer made = client.put(PATH, HOURLY);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.get("name").asString()).isEqualTo("s");
    assertThat(made.get("timezone").asString()).isEqualTo("UTC");
    assertThat(made.get("catch_up").asString()).isEqualTo("skip");
    assertThat(made.get("last").isNull()).isTrue();
    Instant next = Instant.parse(made.get("next_run_at").asString());
    // Counted from when the server began to define it, which the store dates when it has it.
    Instant created = Instant.parse(made.get("created_at").asString());
    assertThat(next).isBetween(created.plusSeconds(3_570), created.plusSeconds(3_600));
    Answer same = client.put(PATH, HOURLY);
    assertThat(same.status()).isEqualTo(200);
    assertThat(same.json()).isEqualTo(made.json());

    Answer other = client.put(PATH, HOURLY.replace("skip", "allow"));
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.get("next_run_at")).isEqualTo(made.get("next_run_at"));
    assertThat(client.get(PATH).json()).isEqualTo(other.json());

    assertThat(client.delete(PATH).status()).isEqualTo(204);
    client.get(PATH).isProblem(404, "not_found");
    client.delete(PATH).isProblem(404, "not_found");
    client.post(PATH + "/run", "{}").isProblem(404, "not_found");
  }

  @Test
  void every_member_is_kept_and_can_be_put_again() {
    String definition =
        """
        {"worker":"simulate","input":{"duration_ms":1},"cron":"0 3 * * 1-5","every":null,
         "timezone":"Europe/Berlin","catch_up":"all","overlap":"skip","paused":true,
         "options":{"priority":-3,"max_attempts":2,"queue_timeout":"1m","run_timeout":"2m",
         "deadline":"3h","fairness_key":"k","metadata":{"user":"ü"}}}\
        """;
    Answer made = client.put(PATH, definition);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.get("next_run_at").isNull()).isTrue();
    ObjectNode answered = (ObjectNode) made.json();
    answered.remove(List.of("name", "next_run_at", "last", "created_at", "updated_at"));
    assertThat((JsonNode) answered).isEqualTo(Client.MAPPER.readTree(definition));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"worker\":\"simulate\",\"every\":\"1s\"} | 422 | validation_failed | /input",
        "{\"input\":{},\"every\":\"1s\"} | 422 | validation_failed | /worker",
        "{\"worker\":\"simulate\",\"input\":{\"x\":1},\"every\":\"1s\"} | 422 | validation_failed | /input/x",
        "{\"worker\":\"simulate\",\"input\":null,\"every\":\"1s\"} | 422 | validation_failed | /input",
        "{\"worker\":\"none\",\"input\":{},\"every\":\"1s\"} | 404 | worker_not_found |",
        "{\"worker\":\"simulate\",\"input\":{}} | 422 | validation_failed | /cron",
        "{\"worker\":\"simulate\",\"input\":{},\"every\":\"1s\",\"cron\":\"* * * * *\"} | 422 | validation_failed | /every",
        "{\"worker\":\"simulate\",\"input\":{},\"every\":60} | 422 | validation_failed | /every",
        "{\"worker\":\"simulate\",\"input\":{},\"every\":\"999ms\"} | 422 | validation_failed | /every",
        "{\"worker\":\"simulate\",\"input\":{},\"cron\":\"* * * * * *\"} | 422 | validation_failed | /cron",
        "{\"worker\":\"simulate\",\"input\":{},\"cron\":\"61 * * * *\"} | 422 | validation_failed | /cron",
        "{\"worker\":\"simulate\",\"input\":{},\"cron\":\"0 0 31 2 *\"} | 422 | validation_failed | /cron",
        "{\"worker\":\"simulate\",\"input\":{},\"cron\":\"@daily\"} | 422 | validation_failed | /cron",
        "{\"worker\":\"simulate\",\"input\":{},\"every\":\"1s\",\"timezone\":\"Europe/Berln\"} | 422 | validation_failed | /timezone",
        "{\"worker\":\"simulate\",\"input\":{},\"every\":\"1s\",\"timezone\":\"+02:00\"} | 422 | validation_failed | /timezone",
        "{\"worker\":\"simulate\",\"input\":{},\"every\":\"1s\",\"catch_up\":\"some\"} | 422 | validation_failed | /catch_up",
        "{\"worker\":\"simulate\",\"input\":{},\"every\":\"1s\",\"options\":{\"priority\":101}} | 422 | validation_failed | /options/priority",
        "{\"worker\":\"simulate\",\"input\":{},\"every\":\"1s\",\"options\":{\"delay\":\"1s\"}} | 400 | unknown_field | /options/delay",
        "{\"worker\":\"simulate\",\"input\":{},\"evry\":\"1s\"} | 400 | unknown_field | /evry",
      })
  void what_is_wrong_is_told_where_it_is(String body, int status, String code, String pointer) {
    Answer answer = client.put(PATH, body).isProblem(status, code);

    assertThat(answer.pointers()).isEqualTo(pointer == null ? List.of() : List.of(pointer));
    client.get(PATH).isProblem(404, "not_found");
  }

  @Test
  void a_name_that_breaks_the_rule_is_refused() {
    client.put("/v1/schedules/S", HOURLY).isProblem(422, "validation_failed");
  }

  @Test
  void pages_of_schedules_go_by_name() {
    for (String name : List.of("c", "a", "b")) {
      client.put("/v1/schedules/" + name, HOURLY);
    }

    Answer first = client.get("/v1/schedules?limit=2");
    assertThat(first.get("data").valueStream().map(s -> s.path("name").asString()))
        .containsExactly("a", "b");
    assertThat(first.get("has_more").asBoolean()).isTrue();
    Answer second =
        client.get("/v1/schedules?limit=2&cursor=" + first.get("next_cursor").asString());
    assertThat(second.get("data").valueStream().map(s -> s.path("name").asString()))
        .containsExactly("c");
    assertThat(second.get("has_more").asBoolean()).isFalse();
    client.get("/v1/schedules?cursor=%2A").isProblem(400, "invalid_cursor");
  }

  @Test
  void each_second_gets_its_job_and_the_jobs_still_tell_when_the_schedule_is_gone() {
    Answer made = client.put(PATH, HOURLY.replace("1h", "1s"));
    Instant first = Instant.parse(made.get("next_run_at").asString());
    JsonNode last =
        Awaitility.await()
            .until(() -> client.get(PATH).get("last"), l -> l.path("job_id").isString());
    Instant nominal = Instant.parse(last.path("nominal_at").asString());
    assertThat(nominal).isAfterOrEqualTo(first);
    assertThat((nominal.toEpochMilli() - first.toEpochMilli()) % 1_000).isZero();
    client.delete(PATH);

    JsonNode job = client.job(last.path("job_id").asString()).json();

    assertThat(job.at("/schedule/name").asString()).isEqualTo("s");
    assertThat(job.at("/schedule/nominal_at")).isEqualTo(last.path("nominal_at"));
    List<String> all =
        client
            .get("/v1/jobs?limit=200")
            .get("data")
            .valueStream()
            .map(each -> each.at("/schedule/nominal_at").asString())
            .toList();
    assertThat(all).doesNotHaveDuplicates().contains(last.path("nominal_at").asString());
  }

  @Test
  void a_run_by_hand_is_a_job_beside_the_others() {
    Answer made = client.put(PATH, HOURLY);

    Answer run = client.post(PATH + "/run", "{}", "Idempotency-Key", "k");

    assertThat(run.status()).as(run.text()).isEqualTo(202);
    assertThat(run.header("Location")).endsWith("/v1/jobs/" + run.id());
    assertThat(run.at("/schedule/name").asString()).isEqualTo("s");
    assertThat(run.at("/schedule/nominal_at").isNull()).isTrue();
    assertThat(client.get(PATH).json()).isEqualTo(made.json());
    assertThat(client.post(PATH + "/run", "", "Idempotency-Key", "k").id()).isEqualTo(run.id());
    client.post(PATH + "/run", "{\"x\":1}").isProblem(400, "unknown_field");
  }

  @Test
  void the_guide_works_as_printed() throws Exception {
    Matcher example =
        Pattern.compile("<!-- run: (\\w+) -->\\s*```sh\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("..", "docs", "guides", "schedules.md")));
    Map<String, String> said = new HashMap<>();
    while (example.find()) {
      said.put(
          example.group(1), shell(example.group(2).replace("http://127.0.0.1:8080", server.url())));
    }

    assertThat(said).containsOnlyKeys("define", "look", "end");
    assertThat(said.get("define"))
        .contains("\"name\":\"pulse\"", "\"name\":\"nightly\"")
        .contains("\"timezone\":\"Europe/Berlin\"", "\"catch_up\":\"latest\"")
        .doesNotContain("validation_failed");
    assertThat(said.get("look")).contains("\"job_id\":\"job_", "\"has_more\":false");
    assertThat(said.get("end"))
        .contains("\"schedule\":{\"name\":\"nightly\",\"nominal_at\":null}")
        .doesNotContain("not_found");
    assertThat(client.get("/v1/schedules").get("data").size()).isZero();
  }

  private String shell(String script) throws Exception {
    Path output = directory.resolve("said");
    Process shell =
        new ProcessBuilder("sh", "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output);
  }

  @Test
  void the_page_shows_pauses_and_runs() {
    client.put("/v1/schedules/often", HOURLY);
    Answer page = page("/schedules");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).contains("often", "every 1h", "Run now", "Pause");

    assertThat(send("/schedules/often/pause").header("Location")).isEqualTo("/schedules");
    assertThat(client.get("/v1/schedules/often").get("paused").asBoolean()).isTrue();
    assertThat(page("/schedules").text()).contains("Resume");
    send("/schedules/often/resume");
    assertThat(client.get("/v1/schedules/often").get("next_run_at").isNull()).isFalse();
    String job = send("/schedules/often/run").header("Location");
    assertThat(job).startsWith("/jobs/job_");
    assertThat(page(job).status()).isEqualTo(200);
    assertThat(page("/schedules").text()).doesNotContain("No schedules yet");
  }

  private Answer page(String path) {
    return client.get(path, "Accept", "text/html");
  }

  private Answer send(String path) {
    return client.send(
        client
            .request(path)
            .header("Accept", "text/html")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("")));
  }
}
