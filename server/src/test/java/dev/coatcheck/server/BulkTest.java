package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.server.Client.Answer;
import java.net.http.HttpRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Many jobs are handed in in one call. */
class BulkTest {

  private static final String PATH = "/v1/jobs:bulk";
  private static final String GOOD = "{\"worker\":\"echo\",\"input\":{\"n\":1.10}}";

  private final CountingStore counting = new CountingStore();
  private TestServer server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.through(counting::around);
    client = server.client;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String jobs(String... items) {
    return "{\"jobs\":[" + String.join(",", items) + "]}";
  }

  private Answer done(String id) {
    Answer job = client.get("/v1/jobs/" + id, "Prefer", "wait=60");
    assertThat(job.get("done").asBoolean()).as(job.text()).isTrue();
    return job;
  }

  private Answer lines(String text) {
    return client.send(
        client
            .request(PATH)
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofString(text)));
  }

  private static List<JsonNode> results(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.get("results").valueStream().toList();
  }

  /** The status of each, with the code where it was refused. */
  private static List<String> words(Answer answer) {
    return results(answer).stream()
        .map(item -> item.path("status").asString() + item.path("error").path("code").asString(""))
        .toList();
  }

  @Test
  void ten_thousand_are_taken_in_one_commit_and_answered_in_their_order() {
    String body =
        IntStream.range(0, 10_000)
            .mapToObj(n -> "{\"worker\":\"echo\",\"input\":" + n + "}")
            .collect(Collectors.joining(",", "{\"jobs\":[", "]}"));
    long before = counting.submits.get();

    Answer answer = client.post(PATH, body);

    assertThat(counting.submits.get() - before).isEqualTo(1);
    assertThat(answer.get("accepted").asInt()).isEqualTo(10_000);
    assertThat(answer.get("rejected").asInt()).isZero();
    Set<String> ids = new HashSet<>();
    int index = 0;
    for (JsonNode result : results(answer)) {
      assertThat(result.path("index").asInt()).isEqualTo(index++);
      assertThat(result.path("status").asInt()).isEqualTo(202);
      assertThat(result.at("/job/status").asString()).isEqualTo("queued");
      ids.add(result.at("/job/id").asString());
    }
    assertThat(ids).hasSize(10_000);
    JsonNode last = results(answer).getLast();
    assertThat(done(last.at("/job/id").asString()).get("output").asInt()).isEqualTo(9_999);
  }

  @Test
  void what_is_wrong_with_one_is_told_at_its_place_and_harms_no_other() {
    Answer answer =
        client.post(
            PATH,
            jobs(
                GOOD,
                "{\"worker\":\"strict\",\"input\":{\"text\":\"t\",\"sentences\":0}}",
                "{\"worker\":\"nobody\",\"input\":1}",
                "{\"worker\":\"echo\",\"input\":1,\"prioritty\":3}",
                "{\"worker\":\"echo\"}",
                "17",
                "{\"worker\":\"echo\",\"input\":1,\"idempotency_key\":7}",
                "{\"worker\":\"echo\",\"input\":1,\"idempotency_key\":\"\"}",
                GOOD));

    assertThat(words(answer))
        .containsExactly(
            "202",
            "422validation_failed",
            "404worker_not_found",
            "400unknown_field",
            "422validation_failed",
            "400invalid_request",
            "400idempotency_key_invalid",
            "400idempotency_key_invalid",
            "202");
    assertThat(answer.get("accepted").asInt()).isEqualTo(2);
    assertThat(answer.get("rejected").asInt()).isEqualTo(7);
    assertThat(answer.at("/results/1/error/errors/0/pointer").asString())
        .isEqualTo("/input/sentences");
    assertThat(answer.at("/results/1/error/request_id").asString())
        .isEqualTo(answer.header("X-Request-Id"));
    String id = answer.at("/results/0/job/id").asString();
    assertThat(done(id).text()).contains("\"output\":{\"n\":1.10}");
  }

  @Test
  void each_has_its_own_keys() {
    String keyed = "{\"worker\":\"held\",\"input\":1,\"idempotency_key\":\"k\"}";
    String other = "{\"worker\":\"held\",\"input\":2,\"idempotency_key\":\"k\"}";
    String unique = "{\"worker\":\"held\",\"input\":3,\"unique_key\":\"u\"}";

    Answer answer = client.post(PATH, jobs(keyed, keyed, other, unique, unique));

    assertThat(words(answer))
        .containsExactly("202", "202", "422idempotency_key_reused", "202", "200");
    assertThat(answer.at("/results/1/job/id")).isEqualTo(answer.at("/results/0/job/id"));
    assertThat(answer.at("/results/4/job/id")).isEqualTo(answer.at("/results/3/job/id"));
    assertThat(answer.at("/results/4/job/existing").asBoolean()).isTrue();
    assertThat(
            client
                .post("/v1/jobs", "{\"worker\":\"held\",\"input\":1}", "Idempotency-Key", "k")
                .id())
        .isEqualTo(answer.at("/results/0/job/id").asString());
    client.post(PATH, jobs(GOOD), "Idempotency-Key", "k").isProblem(400, "idempotency_key_invalid");
  }

  @Test
  void lines_are_taken_as_items_and_a_line_that_is_no_json_is_refused_alone() {
    Answer answer = lines(GOOD + "\n\n{\"worker\":\r\n" + GOOD + "\r\n");

    assertThat(words(answer)).containsExactly("202", "400invalid_json", "202");
  }

  @Test
  void all_or_none() {
    Answer refused =
        client.post(
            PATH + "?atomic=true",
            jobs(
                GOOD,
                "{\"worker\":\"strict\",\"input\":{\"text\":\"t\",\"sentences\":0}}",
                "{\"worker\":\"nobody\",\"input\":1}",
                "{\"worker\":\"echo\",\"input\":1,\"prioritty\":3}"));

    refused.isProblem(422, "validation_failed");
    assertThat(refused.pointers())
        .containsExactly("/jobs/1/input/sentences", "/jobs/2", "/jobs/3/prioritty");
    assertThat(client.get("/v1/jobs").get("data").isEmpty()).isTrue();

    Answer taken = client.post(PATH + "?atomic=true", jobs(GOOD, GOOD));
    assertThat(words(taken)).containsExactly("202", "202");
  }

  @Test
  void all_or_none_where_the_store_refuses() {
    String narrow = "{\"worker\":\"narrow\",\"input\":1}";
    Answer full = client.post(PATH + "?atomic=true", jobs(narrow, narrow, narrow, narrow, GOOD));
    full.isProblem(429, "queue_full");
    assertThat(full.header("Retry-After")).isNotEmpty();

    String file = "file_0123456789abcdefghjkmnpqrs";
    Answer missing =
        client.post(
            PATH + "?atomic=true", jobs(GOOD, "{\"worker\":\"echo\",\"input\":\"" + file + "\"}"));
    missing.isProblem(422, "validation_failed");
    assertThat(missing.pointers()).containsExactly("/jobs/1/input");

    client.post("/v1/jobs", "{\"worker\":\"held\",\"input\":1}", "Idempotency-Key", "k");
    Answer reused =
        client.post(
            PATH + "?atomic=true",
            jobs(GOOD, "{\"worker\":\"held\",\"input\":2,\"idempotency_key\":\"k\"}"));
    reused.isProblem(422, "idempotency_key_reused");
    assertThat(reused.pointers()).containsExactly("/jobs/1");
    assertThat(client.get("/v1/jobs?worker=echo").get("data").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "400 invalid_json {\"jobs\":[",
        "400 invalid_json {\"jobs\":[]}x",
        "400 invalid_request []",
        "400 unknown_field {\"job\":[]}",
        "400 unknown_field {\"jobs\":[1],\"atomic\":true}",
        "422 validation_failed {}",
        "422 validation_failed {\"jobs\":7}",
        "422 validation_failed {\"jobs\":[]}"
      })
  void a_body_that_is_no_list_of_jobs_is_refused(String text) {
    String[] parts = text.split(" ", 3);
    client.post(PATH, parts[2]).isProblem(Integer.parseInt(parts[0]), parts[1]);
  }

  @Test
  void more_than_ten_thousand_are_refused_and_so_is_a_word_that_is_neither_true_nor_false() {
    String body =
        IntStream.rangeClosed(0, 10_000)
            .mapToObj(n -> "1")
            .collect(Collectors.joining(",", "{\"jobs\":[", "]}"));
    client.post(PATH, body).isProblem(422, "validation_failed");
    client.post(PATH + "?atomic=yes", jobs(GOOD)).isProblem(422, "validation_failed");
  }

  @Test
  void a_body_and_an_item_have_their_limits() throws Exception {
    try (TestServer small = TestServer.with(Map.of("limits.bulk", "4096", "limits.body", "1024"))) {
      String large = "{\"worker\":\"echo\",\"input\":\"" + "x".repeat(1_200) + "\"}";
      assertThat(words(small.client.post(PATH, jobs(GOOD, large))))
          .containsExactly("202", "413payload_too_large");
      small.client.post(PATH, jobs(large, large, large, large)).isProblem(413, "payload_too_large");
    }
  }
}
