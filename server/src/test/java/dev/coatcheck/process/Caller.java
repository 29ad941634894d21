package dev.coatcheck.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A caller of the HTTP API. */
final class Caller {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile String url;

  Caller(String url) {
    this.url = url;
  }

  /** The server has moved. */
  void callAt(String newUrl) {
    url = newUrl;
  }

  record Answer(int status, JsonNode body) {

    boolean ok() {
      return status / 100 == 2;
    }
  }

  Answer submit(String body, String idempotencyKey) throws IOException, InterruptedException {
    return send(
        request("/v1/jobs")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  Answer post(String path) throws IOException, InterruptedException {
    return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
  }

  Answer post(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  Answer put(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(json)));
  }

  /** The job when it is done. */
  JsonNode done(String id) throws IOException, InterruptedException {
    for (int tries = 0; tries < 3; tries++) {
      Answer answer = send(request("/v1/jobs/" + id).header("Prefer", "wait=30").GET());
      if (!answer.ok()) {
        throw new IOException("GET of " + id + " answered " + answer);
      }
      if (answer.body().get("done").asBoolean()) {
        return answer.body();
      }
    }
    throw new IOException(id + " is not done after a minute and a half");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), JSON.readTree(response.body()));
  }
}
