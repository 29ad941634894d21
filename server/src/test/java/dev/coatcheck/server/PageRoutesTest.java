package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.handler.Reply;
import dev.coatcheck.job.Payload;
import dev.coatcheck.worker.WorkerSpec;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages as a browser without scripts sees them. */
class PageRoutesTest {

  private static final String HTML = "text/html,application/xhtml+xml,*/*;q=0.8";

  private static TestServer server;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    client = server.client;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Client.Answer page(String path) {
    return client.get(path, "Accept", HTML);
  }

  private static Client.Answer send(String path, String form) {
    return client.send(
        client
            .request(path)
            .header("Accept", HTML)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  private static String field(String name, String value) {
    return encode(name) + "=" + encode(value) + "&";
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/workers",
        "/workers/echo",
        "/workers/strict/new",
        "/dead-letters",
        "/nowhere"
      })
  void every_page_forbids_what_it_does_not_need(String path) {
    Client.Answer page = page(path);
    assertThat(page.header("Content-Security-Policy"))
        .isEqualTo(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                + " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
                + " frame-ancestors 'none'");
    assertThat(page.header("Referrer-Policy")).isEqualTo("same-origin");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=utf-8");
    assertThat(page.text()).doesNotContain("style=", "onclick", "<style").startsWith("<!doctype");
  }

  @Test
  void a_worker_is_paused_and_let_go_on_with_a_button() {
    Runner.define(client, "paused", "");
    String shown = page("/workers/paused").text();
    assertThat(shown).contains("<dt>Runners</dt><dd>0</dd>", "∞").doesNotContain("2,147,483,647");
    assertThat(shown).contains("action=\"/workers/paused/pause\"");
    Client.Answer sent = send("/workers/paused/pause", "");
    assertThat(sent.status()).isEqualTo(303);
    assertThat(sent.header("Location")).isEqualTo("/workers/paused");
    assertThat(page("/workers/paused").text())
        .contains("action=\"/workers/paused/resume\"", "id=\"paused\"");
    assertThat(page("/workers").text()).contains(">paused</span>");
    String id = client.submitted("paused", "1");
    assertThat(page("/jobs/" + id).text()).contains("<small>paused</small>");
    send("/workers/paused/resume", "");
    assertThat(page("/workers/paused").text()).doesNotContain("id=\"paused\"");
    assertThat(page("/jobs/" + id).text()).contains("<small>no runner</small>");
    assertThat(send("/workers/nobody/pause", "").status()).isEqualTo(404);
  }

  @Test
  void a_suspended_job_says_what_it_waits_for_and_a_done_one_has_its_files() {
    Runner.define(client, "drawer", "");
    String id = client.submitted("drawer", "1");
    Runner runner = new Runner(client);
    runner.lease("drawer").say("suspend", "{\"timeout\":\"1h\"}");
    String shown = page("/jobs/" + id).text();
    assertThat(shown)
        .contains(
            "<small>waiting for a callback</small>",
            "<strong class=\"num\" id=\"percent\">Waiting</strong>",
            "Waiting for a callback");
    assertThat(page("/workers/drawer").text())
        .contains("<dt>Waiting for a callback</dt><dd>1</dd>");
    client.post("/v1/jobs/" + id + "/cancel", "{}");
    assertThat(page("/jobs/" + id).text()).contains("<dt>Canceled while</dt><dd>suspended</dd>");
    Client.Answer file = client.post("/v1/files?name=drawing.json", "{}");
    String done = client.submitted("drawer", "2");
    runner.lease("drawer").say("complete", "{\"files\":[\"" + file.id() + "\"]}");
    assertThat(page("/jobs/" + done).text())
        .contains("drawing.json", "href=\"/v1/files/" + file.id() + "/content\"");
  }

  @Test
  void what_pages_load_may_be_kept_for_good() {
    Matcher links = Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"").matcher(page("/").text());
    int found = 0;
    while (links.find()) {
      Client.Answer asset = client.get(links.group(1));
      assertThat(asset.status()).isEqualTo(200);
      assertThat(asset.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
      found++;
    }
    assertThat(found).isGreaterThanOrEqualTo(5);
    client.get("/assets/000000000000/app.css").isProblem(404, "not_found");
  }

  @Test
  void a_browser_reads_of_a_problem_on_a_page_and_a_program_as_json() {
    String missing = "/jobs/job_00000000000000000000000000";
    assertThat(page(missing).status()).isEqualTo(410);
    assertThat(page(missing).text()).contains("The job is no longer kept");
    assertThat(page("/jobs/job_x").text()).contains("There is nothing here");
    assertThat(page("/nowhere").status()).isEqualTo(404);
    assertThat(page("/?status=lost").text()).contains("is not a status of jobs");
    assertThat(page("/?colour=red").status()).isEqualTo(400);
    client.get("/jobs/job_x", "Accept", "*/*").isProblem(404, "not_found");
    client.get("/nowhere").isProblem(404, "not_found");
    page("/v1/jobs/x").isProblem(404, "not_found");
  }

  @Test
  void a_form_hands_in_and_shows_the_job() {
    Client.Answer sent =
        send(
            "/workers/strict/new",
            field("/input/text", "two\r\nlines")
                + field("/input/sentences", "3")
                + field("/priority", "7")
                + field("/metadata", "user=ada\r\nteam = red"));
    assertThat(sent.status()).as(sent.text()).isEqualTo(303);
    String id = sent.header("Location").substring("/jobs/".length());
    Client.Answer job = client.until(id, "succeeded");
    assertThat(job.get("input").toString()).isEqualTo("{\"text\":\"two\\nlines\",\"sentences\":3}");
    assertThat(job.get("priority").asInt()).isEqualTo(7);
    assertThat(job.get("metadata").path("user").asString()).isEqualTo("ada");
    assertThat(job.get("metadata").path("team").asString()).isEqualTo("red");
    assertThat(page("/?metadata.user=ada&worker=&status=").text()).contains(id);
    assertThat(page("/?metadata.user=bob").text()).doesNotContain(id);
  }

  @Test
  void a_form_that_breaks_the_contract_comes_back_with_its_faults() {
    Client.Answer sent =
        send(
            "/workers/strict/new",
            field("/input/sentences", "many")
                + field("/max_attempts", "0")
                + field("/metadata", "nonsense"));
    assertThat(sent.status()).isEqualTo(422);
    assertThat(sent.text()).contains("id=\"f-metadata-fault\"").contains("value=\"many\"");
    sent =
        send(
            "/workers/strict/new", field("/input/sentences", "many") + field("/max_attempts", "0"));
    assertThat(sent.status()).isEqualTo(422);
    assertThat(sent.text())
        .contains("id=\"f-input-text-fault\"")
        .contains("id=\"f-input-sentences-fault\"")
        .contains("id=\"f-max_attempts-fault\"");
    assertThat(send("/workers/echo/new", field("/input", "{")).text()).contains("is not JSON");
  }

  @Test
  void an_input_that_is_edited_keeps_what_the_form_does_not_know() throws Exception {
    server.serve(
        WorkerSpec.named("loose")
            .inputSchema(Payload.utf8("{\"properties\":{\"n\":{\"type\":\"integer\"}}}"))
            .build(),
        (context, input) -> Reply.completed(input));
    String id = client.submitted("loose", "{\"n\":1,\"more\":{\"a\":1.10}}");
    client.until(id, "succeeded");
    assertThat(page("/jobs/" + id + "/edit").text()).contains("value=\"1\"");
    Client.Answer sent = send("/jobs/" + id + "/edit", field("/input/n", "2"));
    assertThat(sent.status()).isEqualTo(303);
    Client.Answer again = client.job(sent.header("Location").substring("/jobs/".length()));
    assertThat(again.text()).contains("\"input\":{\"n\":2,\"more\":{\"a\":1.10}}");
    assertThat(again.get("retry_of").asString()).isEqualTo(id);
  }

  @Test
  void a_group_that_nobody_touched_is_left_out_whatever_its_defaults_are() throws Exception {
    server.serve(
        WorkerSpec.named("grouped")
            .inputSchema(
                Payload.utf8(
                    """
                    {"properties": {"n": {"type": "integer"}, "fail": {"properties": {
                      "retryable": {"type": "boolean", "default": true},
                      "code": {"enum": ["a", 1, null]}}}}}\
                    """))
            .build(),
        (context, input) -> Reply.completed(input));
    String tick = field("/input/fail/retryable", "true");
    assertThat(page("/workers/grouped/new").text()).contains("value=\"true\" checked");
    assertThat(inputOf("grouped", field("/input/n", "1") + tick)).isEqualTo("{\"n\":1}");
    assertThat(inputOf("grouped", field("/input/n", "1")))
        .isEqualTo("{\"n\":1,\"fail\":{\"retryable\":false}}");
    assertThat(inputOf("grouped", tick + field("/input/fail/code", "null")))
        .isEqualTo("{\"fail\":{\"code\":null}}");
    Client.Answer refused = send("/workers/grouped/new", field("/input/n", "x"));
    assertThat(refused.text()).doesNotContain("value=\"true\" checked");
  }

  private static String inputOf(String worker, String form) {
    Client.Answer sent = send("/workers/" + worker + "/new", form);
    assertThat(sent.status()).as(sent.text()).isEqualTo(303);
    String id = sent.header("Location").substring("/jobs/".length());
    return client.job(id).get("input").toString();
  }

  @Test
  void a_job_is_canceled_and_retried_by_forms_only() {
    String id = client.submitted("held", "1");
    assertThat(page("/jobs/" + id + "/cancel").status()).isEqualTo(405);
    assertThat(send("/jobs/" + id + "/retry", "").status()).isEqualTo(409);
    assertThat(send("/jobs/" + id + "/cancel", "").header("Location")).isEqualTo("/jobs/" + id);
    assertThat(client.job(id).get("status").asString()).isEqualTo("canceled");
    Client.Answer retried = send("/jobs/" + id + "/retry", "");
    String again = retried.header("Location").substring("/jobs/".length());
    assertThat(client.job(again).get("retry_of").asString()).isEqualTo(id);
    send("/jobs/" + again + "/cancel", "");
    client
        .send(
            client
                .request("/jobs/" + id + "/retry")
                .header("Origin", "null")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.noBody()))
        .isProblem(403, "cross_origin");
  }

  @Test
  void older_jobs_are_a_page_further() {
    for (int i = 0; i < 51; i++) {
      client.submitted("echo", "{\"page\":" + i + "}");
    }
    String first = page("/?worker=echo").text();
    Matcher older = Pattern.compile("href=\"([^\"]+)\" rel=\"next\"").matcher(first);
    assertThat(older.find()).isTrue();
    String second = page(older.group(1).replace("&amp;", "&")).text();
    assertThat(second).contains(">Newest<").contains("data-job=");
  }

  private static void skipTo(Iterator<String> lines, String line) {
    while (!lines.next().equals(line)) {}
  }

  @Test
  void the_list_is_sent_again_when_it_has_changed() throws Exception {
    HttpRequest request =
        client
            .request("/pages/jobs/stream?worker=broken")
            .header("Accept", "text/event-stream")
            .build();
    try (HttpClient http = HttpClient.newHttpClient();
        Stream<String> lines = http.send(request, BodyHandlers.ofLines()).body()) {
      Iterator<String> each = lines.iterator();
      skipTo(each, "event: jobs");
      skipTo(each, "");
      String id = client.submitted("broken", "1");
      skipTo(each, "event: jobs");
      while (!each.next().contains(id)) {}
      http.shutdownNow();
    }
  }
}
