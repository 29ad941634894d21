package dev.coatcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The HTTP API of a server, for what commands do not do. */
record Web(String url) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** An answer with its JSON. */
  record Answer(int status, JsonNode body) {

    JsonNode ok() {
      assertThat(status).as("%s", body).isBetween(200, 299);
      return body;
    }

    /** Checks that nothing was changed because the lease is over. */
    void isLost() {
      assertThat(status).as("%s", body).isEqualTo(409);
      assertThat(body.path("code").asString()).isEqualTo("lease_lost");
    }
  }

  Answer send(String method, String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    var answer = HTTP.send(request, BodyHandlers.ofString());
    return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
  }

  Answer get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60)).build();
    var answer = HTTP.send(request, BodyHandlers.ofString());
    return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
  }

  String text(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
    return HTTP.send(request, BodyHandlers.ofString()).body();
  }

  /** Defines a worker whose jobs are leased. */
  void define(String worker) throws IOException, InterruptedException {
    send("PUT", "/v1/workers/" + worker, "{\"kind\":\"pull\"}").ok();
  }

  /** Hands a job in and answers its id. */
  String submit(String worker, String input) throws IOException, InterruptedException {
    String body = "{\"worker\":\"" + worker + "\",\"input\":" + input + "}";
    return send("POST", "/v1/jobs", body).ok().path("id").asString();
  }

  /** A lease of one job of the worker, with the runner it is of. */
  JsonNode lease(String worker) throws IOException, InterruptedException {
    String body = "{\"workers\":[\"" + worker + "\"],\"max\":1,\"wait\":\"20s\"}";
    JsonNode answer = send("POST", "/v1/runners/lease", body).ok();
    assertThat(answer.path("leases").size()).isEqualTo(1);
    return ((ObjectNode) answer.path("leases").get(0)).set("runner", answer.path("runner"));
  }

  Answer end(JsonNode lease, String verb, String body) throws IOException, InterruptedException {
    String token = lease.path("lease_token").asString();
    return send("POST", "/v1/leases/" + token + "/" + verb, body);
  }

  Answer callBack(JsonNode lease) throws IOException, InterruptedException {
    String callback = lease.path("callback").path("url").asString();
    return send("POST", callback.substring(callback.indexOf("/v1/")), "{\"hello\":1}");
  }

  /** The ids of all jobs of a worker. */
  Set<String> ids(String worker) throws IOException, InterruptedException {
    Set<String> ids = new HashSet<>();
    String cursor = "";
    do {
      JsonNode page = get("/v1/jobs?limit=100&worker=" + worker + cursor).ok();
      page.path("data").forEach(job -> ids.add(job.path("id").asString()));
      cursor = "&cursor=" + page.path("next_cursor").asString("");
    } while (!cursor.endsWith("="));
    return ids;
  }

  JsonNode job(String id) throws IOException, InterruptedException {
    return get("/v1/jobs/" + id).ok();
  }
}
