package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.server.Client.Answer;
import dev.coatcheck.server.Runner.Lease;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Many jobs are told to be done in one call, and each is answered as if it had come alone. */
class CompleteManyTest {

  private static final String PATH = "/v1/leases:complete";
  private static final String AT_ONCE =
      "\"retry\":{\"base\":\"0ms\",\"factor\":1,\"max\":\"0ms\",\"on_timeout\":true}";

  private final CountingStore counting = new CountingStore();
  private TestServer server;
  private Client client;
  private Runner runner;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.through(counting::around);
    client = server.client;
    runner = new Runner(client);
    Runner.define(client, Runner.OUTSIDE, AT_ONCE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Lease leased(String worker) {
    client.submitted(worker, "1");
    return runner.lease(worker);
  }

  private List<Lease> leased(int jobs) {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      leases.add(leased(Runner.OUTSIDE));
    }
    return leases;
  }

  private static String item(Lease lease, String members) {
    return item(lease.token(), members);
  }

  private static String item(String token, String members) {
    return "{\"lease_token\":\"" + token + "\"" + (members.isEmpty() ? "" : "," + members) + "}";
  }

  private Answer complete(String... items) {
    return client.post(PATH, "{\"completions\":[" + String.join(",", items) + "]}");
  }

  private static List<JsonNode> data(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.get("data").valueStream().toList();
  }

  private static String succeeded(Lease lease) {
    return "{\"job_id\":\"" + lease.job() + "\",\"status\":\"succeeded\"}";
  }

  /** What the whole of the answers says of each: the code of its problem, or its status. */
  private static List<String> words(Answer answer) {
    return data(answer).stream()
        .map(item -> item.path(item.has("code") ? "code" : "status").asString())
        .toList();
  }

  private void isOpen(Lease lease) {
    assertThat(lease.say("complete", "{}").text()).isEqualTo(succeeded(lease));
  }

  @Test
  void many_are_recorded_in_one_commit_and_answered_in_their_order_however_often_they_are_told() {
    List<Lease> leases = leased(5);
    String[] items =
        IntStream.range(0, 5)
            .mapToObj(n ->
                item(
                    leases.get(n),
                    "\"output\": {\"n\": " + n + ".10},\"usage\":{\"input_tokens\":" + n + "}"))
            .toArray(String[]::new);
    long before = counting.commits.get();
    for (int i = 0; i < 2; i++) {
      assertThat(data(complete(items)))
          .extracting(JsonNode::toString)
          .containsExactlyElementsOf(leases.stream().map(CompleteManyTest::succeeded).toList());
      assertThat(counting.commits.get() - before).isEqualTo(1 + i);
    }
    for (int n = 0; n < 5; n++) {
      Answer job = client.job(leases.get(n).job());
      assertThat(job.text()).contains("\"output\":{\"n\":" + n + ".10}");
      assertThat(job.at("/usage/input_tokens").asInt()).isEqualTo(n);
      assertThat(leases.get(n).say("complete", "{\"output\":{\"n\":" + n + ".10}}").text())
          .isEqualTo(succeeded(leases.get(n)));
    }
  }

  @Test
  void one_that_is_refused_harms_no_other_and_is_told_why_as_its_own_verb_would() {
    Runner.define(client, "checked", "\"output_schema\":{\"type\":\"object\"}," + AT_ONCE);
    Lease canceled = leased(Runner.OUTSIDE);
    client.post("/v1/jobs/" + canceled.job() + "/cancel", "{}");
    Lease invalid = leased("checked");
    Lease unfiled = leased(Runner.OUTSIDE);
    Lease misspelt = leased(Runner.OUTSIDE);
    Lease wrong = leased(Runner.OUTSIDE);
    Lease first = leased(Runner.OUTSIDE);
    Lease last = leased("checked");
    Answer answer =
        complete(
            item(first, ""),
            item(canceled, "\"output\":1"),
            item(invalid, "\"output\":[]"),
            item(unfiled, "\"files\":[\"file_00000000000000000000000000\"]"),
            item(misspelt, "\"outptu\":1"),
            item(wrong, "\"usage\":{\"input_tokens\":-1},\"files\":[\"x\"]"),
            item("lt_nonsense", ""),
            "{\"output\":1}",
            "{\"lease_token\":7}",
            "[1]",
            "null",
            item(last, "\"output\":{}"));
    assertThat(words(answer))
        .containsExactly(
            "succeeded",
            "lease_lost",
            "output_invalid",
            "validation_failed",
            "unknown_field",
            "validation_failed",
            "not_found",
            "validation_failed",
            "validation_failed",
            "invalid_request",
            "invalid_request",
            "succeeded");
    List<JsonNode> data = data(answer);
    assertThat(data.get(1).path("status").asInt()).isEqualTo(409);
    assertThat(data.get(1).path("job_id").asString()).isEqualTo(canceled.job());
    assertThat(data.get(2).at("/errors/0/pointer").asString()).isEqualTo("/output");
    assertThat(data.get(3).at("/errors/0/pointer").asString()).isEqualTo("/files/0");
    assertThat(data.get(4).path("detail").asString()).contains("did you mean output?");
    assertThat(data.get(5).path("errors").valueStream().map(e -> e.path("pointer").asString()))
        .containsExactly("/usage/input_tokens", "/files/0");
    assertThat(data.get(7).at("/errors/0/pointer").asString()).isEqualTo("/lease_token");
    assertThat(data.get(6).path("request_id").asString()).isEqualTo(answer.header("X-Request-Id"));
    assertThat(answer.text()).doesNotContain(canceled.token());
    isOpen(unfiled);
    isOpen(misspelt);
    isOpen(wrong);
    assertThat(client.job(canceled.job()).get("status").asString()).isEqualTo("canceled");
    assertThat(client.job(invalid.job()).get("status").asString()).isNotEqualTo("succeeded");
    invalid.say("complete", "{\"output\":{}}").isProblem(409, "lease_lost");
  }

  @Test
  void one_job_has_one_outcome_however_often_a_body_names_it() {
    Lease twice = leased(Runner.OUTSIDE);
    Lease changed = leased(Runner.OUTSIDE);
    Answer answer =
        complete(
            item(twice, "\"output\":1"),
            item(changed, "\"output\":1"),
            item(twice, "\"output\":1"),
            item(changed, "\"output\":2"));
    assertThat(words(answer)).containsExactly("succeeded", "succeeded", "succeeded", "lease_lost");
    assertThat(client.get("/v1/jobs/" + changed.job() + "/result").text()).isEqualTo("1");
    String events = client.get("/v1/jobs/" + twice.job() + "/events").text();
    assertThat(events.split("\"type\":\"done\"", -1)).hasSize(2);
  }

  @Test
  void an_output_that_is_too_large_fails_its_job_and_no_other() throws Exception {
    server.close();
    server = TestServer.with(Map.of("limits.output", "1024"));
    client = server.client;
    runner = new Runner(client);
    Runner.define(client, Runner.OUTSIDE, AT_ONCE);
    Lease large = leased(Runner.OUTSIDE);
    Lease small = leased(Runner.OUTSIDE);
    Answer answer =
        complete(
            item(large, "\"output\":\"" + "x".repeat(1_500) + "\""), item(small, "\"output\":1"));
    assertThat(words(answer)).containsExactly("output_too_large", "succeeded");
    Answer job = client.job(large.job());
    assertThat(job.get("status").asString()).isEqualTo("failed");
    assertThat(job.at("/error/code").asString()).isEqualTo("output_too_large");
  }

  @Test
  void a_body_that_is_too_large_changes_nothing() {
    Lease lease = leased(Runner.OUTSIDE);
    complete(item(lease, "\"output\":\"" + "x".repeat(1 << 20) + "\""))
        .isProblem(413, "payload_too_large");
    isOpen(lease);
  }

  @Test
  void a_thousand_are_taken_and_one_more_is_not() {
    Lease lease = leased(Runner.OUTSIDE);
    List<String> many = new ArrayList<>(Collections.nCopies(999, item("lt_x", "")));
    many.add(item(lease, ""));
    many.add("{}");
    Answer refused = complete(many.toArray(String[]::new)).isProblem(422, "validation_failed");
    assertThat(refused.pointers()).containsExactly("/completions");
    many.removeLast();
    assertThat(
            words(complete(many.toArray(String[]::new))).stream()
                .collect(Collectors.groupingBy(word -> word, Collectors.counting())))
        .containsOnly(Map.entry("not_found", 999L), Map.entry("succeeded", 1L));
    assertThat(data(complete())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"completions\":null}",
        "{\"completions\":{}}",
        "{\"completions\":\"x\"}",
        "{\"completion\":[]}",
        "{\"completions\":[],\"x\":1}",
        "{\"completions\":[TOKEN}",
        "{\"completions\":[TOKEN,{\"lease_token\":\"a\",\"lease_token\":\"a\"}]}",
        "{\"completions\":[TOKEN,{\"output\":\"\\ud800\"}]}",
        "{\"completions\":[TOKEN,{\"output\":1e999999999}]}",
        "{\"completions\":[TOKEN]}]}"
      })
  void a_body_that_cannot_be_read_changes_nothing(String body) {
    Lease lease = leased(Runner.OUTSIDE);
    Answer refused = client.post(PATH, body.replace("TOKEN", item(lease, "")));
    assertThat(refused.status()).as(refused.text()).isIn(400, 422);
    assertThat(refused.text()).doesNotContain(lease.token());
    isOpen(lease);
  }

  @Test
  void output_keeps_its_text_however_it_is_spaced_and_nested() {
    List<Lease> leases = leased(3);
    String[] outputs = {"[ [1e0 , \"a,]}\\\"\" ] , { } ]", "\"\\u00e9]\"", "-0.0"};
    Answer answer =
        complete(
            " " + item(leases.get(0), "\"output\" : " + outputs[0]) + " ",
            item(leases.get(1), "\"output\":" + outputs[1]),
            "\n" + item(leases.get(2), "\"files\":[],\"output\":\t" + outputs[2]));
    assertThat(words(answer)).containsOnly("succeeded");
    String[] kept = {"[[1e0,\"a,]}\\\"\"],{}]", "\"\\u00e9]\"", "-0.0"};
    for (int i = 0; i < 3; i++) {
      assertThat(client.get("/v1/jobs/" + leases.get(i).job() + "/result").text())
          .isEqualTo(kept[i]);
    }
  }

  @Test
  void the_path_takes_posts_of_json_and_no_parameters() {
    client.post(PATH + "?x=1", "{\"completions\":[]}").isProblem(400, "invalid_request");
    assertThat(client.method("GET", PATH).status()).isEqualTo(405);
    client
        .send(
            client
                .request(PATH)
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}")))
        .isProblem(415, "unsupported_media_type");
  }
}
