package dev.coatcheck.runners;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The HTTP API, with the short names that tests of runners want. */
public record Api(String url) {

  private static final Pattern HEARTBEATS =
      Pattern.compile(
          "requests_seconds_count\\{method=\"POST\",route=\"/v1/runners/heartbeat\",status=\"(\\d+)\"} (\\d+)");
  static final Duration LONG = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** An answer with its JSON. */
  public record Answer(int status, JsonNode body) {

    public JsonNode ok() {
      assertThat(status).as("%s", body).isBetween(200, 299);
      return body;
    }

    /** Checks that nothing was changed because the lease is over. */
    public void isLost() {
      assertThat(status).as("%s", body).isEqualTo(409);
      assertThat(body.path("code").asString()).isEqualTo("lease_lost");
    }
  }

  public Answer post(String path, String body) throws IOException, InterruptedException {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  public Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  /** What is there, as it is. */
  public String text(String path) throws IOException, InterruptedException {
    return HTTP.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : url + path))
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(90));
  }

  private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(
        answer.statusCode(), JSON.readTree(answer.body().isEmpty() ? "null" : answer.body()));
  }

  /** Makes a pull worker known. */
  public Api define(String worker, String members) throws IOException, InterruptedException {
    String body = "{\"kind\":\"pull\"" + (members.isEmpty() ? "" : "," + members) + "}";
    send(request("/v1/workers/" + worker).PUT(BodyPublishers.ofString(body))).ok();
    return this;
  }

  /** Hands a job in and answers its id. */
  public String submit(String worker, String input) throws IOException, InterruptedException {
    String body = "{\"worker\":\"" + worker + "\",\"input\":" + input + "}";
    return post("/v1/jobs", body).ok().path("id").asString();
  }

  public JsonNode job(String id) throws IOException, InterruptedException {
    return get("/v1/jobs/" + id).ok();
  }

  /** The job when it is done. */
  JsonNode done(String id) {
    return until(id, job -> job.path("done").asBoolean());
  }

  /** Checks that the job has succeeded, and answers it. */
  JsonNode succeeded(String id) {
    JsonNode job = done(id);
    assertThat(job.path("status").asString()).as("%s", job).isEqualTo("succeeded");
    return job;
  }

  JsonNode running(String id) {
    return until(id, job -> job.path("status").asString().equals("running"));
  }

  /** The job as soon as it is as asked. */
  JsonNode until(String id, java.util.function.Predicate<JsonNode> condition) {
    return Awaitility.await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> job(id), condition);
  }

  /** Everything that happened to a job. */
  List<JsonNode> events(String id, String type) throws IOException, InterruptedException {
    return get("/v1/jobs/" + id + "/events?limit=200")
        .ok()
        .path("data")
        .valueStream()
        .filter(event -> event.path("type").asString().equals(type))
        .toList();
  }

  /** How many heartbeats there were with each status. */
  Map<String, Double> heartbeats() throws IOException, InterruptedException {
    String metrics = text("/metrics");
    Map<String, Double> counts = new TreeMap<>();
    Matcher matcher = HEARTBEATS.matcher(metrics);
    while (matcher.find()) {
      counts.put(matcher.group(1), Double.valueOf(matcher.group(2)));
    }
    return counts;
  }

  /** What the attempts came to, in order. */
  List<String> attempts(String id) throws IOException, InterruptedException {
    return get("/v1/jobs/" + id + "/attempts")
        .ok()
        .path("data")
        .valueStream()
        .map(attempt -> attempt.path("number").asInt() + " " + attempt.path("status").asString())
        .toList();
  }

  /** A lease of one job of the worker, with the runner it is of. */
  public JsonNode lease(String worker) throws IOException, InterruptedException {
    String body = "{\"workers\":[\"" + worker + "\"],\"max\":1,\"wait\":\"20s\"}";
    JsonNode answer = post("/v1/runners/lease", body).ok();
    assertThat(answer.path("leases").size()).isEqualTo(1);
    return ((ObjectNode) answer.path("leases").get(0)).set("runner", answer.path("runner"));
  }

  /** What the holder of a lease says. */
  public Answer end(JsonNode lease, String verb, String body)
      throws IOException, InterruptedException {
    String token = lease.path("lease_token").asString();
    return post("/v1/leases/" + token + "/" + verb, body);
  }

  /** Calls back to the attempt under a lease. */
  public Answer callBack(JsonNode lease) throws IOException, InterruptedException {
    String callback = lease.path("callback").path("url").asString();
    return post(callback.substring(callback.indexOf("/v1/")), "{\"hello\":1}");
  }

  /** The ids of all jobs of a worker. */
  public Set<String> ids(String worker) throws IOException, InterruptedException {
    Set<String> ids = new HashSet<>();
    String cursor = "";
    do {
      JsonNode page = get("/v1/jobs?limit=100&worker=" + worker + cursor).ok();
      page.path("data").forEach(job -> ids.add(job.path("id").asString()));
      cursor = "&cursor=" + page.path("next_cursor").asString("");
    } while (!cursor.endsWith("="));
    return ids;
  }
}
