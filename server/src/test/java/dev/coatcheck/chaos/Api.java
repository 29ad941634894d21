package dev.coatcheck.chaos;

import dev.coatcheck.chaos.Witness.Ending;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls the server and has every answer, or its lack, written down by a witness. */
final class Api {

  private static final JsonMapper JSON = new JsonMapper();

  private final String url;
  private final Duration patience;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  Api(String url, Duration patience) {
    this.url = url;
    this.patience = patience;
  }

  /**
   * What came back.
   *
   * @param http 0 if nothing did
   */
  record Answer(long t0, int http, JsonNode body, @Nullable String retryAfter) {

    boolean ok() {
      return http / 100 == 2;
    }

    /** A 5xx does not tell whether it happened. */
    Ending ending() {
      return ok() ? Ending.OK : http == 0 || http >= 500 ? Ending.INFO : Ending.FAIL;
    }

    String text(String member) {
      return body.path(member).asString("");
    }

    /** Writes down the answer and what more there is to it. */
    Answer by(Witness witness, String what, Consumer<ObjectNode> more) {
      witness.say(
          t0,
          ending(),
          what,
          line -> {
            line.put("http", http);
            if (retryAfter != null) {
              line.put("retry_after", retryAfter);
            }
            if (http >= 400) {
              line.put("code", text("code"));
            }
            more.accept(line);
          });
      return this;
    }
  }

  Answer get(String path) throws InterruptedException {
    return send(request(path).GET());
  }

  /** Hands in a job, and lets the witness say so. */
  Answer submit(Witness witness, String key, String body) throws InterruptedException {
    Answer answer = post("/v1/jobs", body, "Idempotency-Key", key);
    return answer.by(
        witness,
        "submit",
        line -> {
          line.put("key", key);
          if (answer.ok()) {
            line.put("job", answer.text("id"));
          }
        });
  }

  Answer post(String path, @Nullable String json, String... headers) throws InterruptedException {
    HttpRequest.Builder request = request(path);
    if (json == null) {
      request.POST(HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(json));
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  Answer put(String path, String json) throws InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(json)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(patience);
  }

  private Answer send(HttpRequest.Builder request) throws InterruptedException {
    long t0 = System.nanoTime();
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(
          t0,
          response.statusCode(),
          JSON.readTree(response.body()),
          response.headers().firstValue("Retry-After").orElse(null));
    } catch (IOException | JacksonException lost) {
      return new Answer(t0, 0, MissingNode.getInstance(), null);
    }
  }

  /**
   * Follows the events of a job; each line of the stream is given until it ends, breaks or has
   * lasted too long. The status, 0 if there was no answer.
   */
  int follow(String job, long after, Duration atMost, Consumer<String> lines)
      throws InterruptedException {
    HttpRequest.Builder request =
        request("/v1/jobs/" + job + "/events").header("Accept", "text/event-stream");
    if (after > 0) {
      request.header("Last-Event-ID", Long.toString(after));
    }
    int status = 0;
    try {
      HttpResponse<InputStream> response =
          http.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
      status = response.statusCode();
      Thread cut = Thread.startVirtualThread(() -> closeAfter(response.body(), atMost));
      try (BufferedReader text =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
          lines.accept(line);
        }
      } finally {
        cut.interrupt();
      }
      return status;
    } catch (IOException broken) {
      return status;
    }
  }

  private static void closeAfter(InputStream body, Duration atMost) {
    try {
      Thread.sleep(atMost);
      body.close();
    } catch (InterruptedException | IOException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
