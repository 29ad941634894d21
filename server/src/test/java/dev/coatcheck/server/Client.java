package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain HTTP client with short names. */
final class Client {

  static final JsonMapper MAPPER = new JsonMapper();

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final String base;

  Client(String base) {
    this.base = base;
  }

  /** An answer with its body read as JSON where it is. */
  record Answer(HttpResponse<String> http) {

    int status() {
      return http.statusCode();
    }

    String text() {
      return http.body();
    }

    /** The value at a JSON pointer. */
    JsonNode at(String pointer) {
      return json().at(pointer);
    }

    JsonNode json() {
      return MAPPER.readTree(http.body());
    }

    JsonNode get(String member) {
      return json().path(member);
    }

    String header(String name) {
      return http.headers().firstValue(name).orElse("");
    }

    String id() {
      return get("id").asString();
    }

    /** Checks that the answer is a problem in the whole form that clients rely on. */
    Answer isProblem(int status, String code) {
      assertThat(http.statusCode()).as(http.body()).isEqualTo(status);
      JsonNode body = json();
      assertThat(body.path("code").asString()).isEqualTo(code);
      assertThat(header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(header("X-Request-Id")).startsWith("req_");
      assertThat(header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(header("Cache-Control")).isEqualTo("no-store");
      assertThat(http.headers().firstValue("Server")).isEmpty();
      assertThat(body.propertyNames())
          .contains(
              "type",
              "title",
              "status",
              "detail",
              "instance",
              "code",
              "request_id",
              "job_id",
              "retryable",
              "retry_after_ms",
              "errors",
              "message",
              "error_type",
              "error");
      assertThat(body.path("status").asInt()).isEqualTo(status);
      assertThat(body.path("type").asString()).isEqualTo("https://coatcheck.dev/errors/" + code);
      assertThat(body.path("request_id").asString()).isEqualTo(header("X-Request-Id"));
      assertThat(body.path("error").path("code").asString()).isEqualTo(code);
      return this;
    }

    /** Checks that a submission was accepted. */
    Answer isProblemFree() {
      assertThat(http.statusCode()).as(http.body()).isIn(200, 202);
      return this;
    }

    /** The pointers of a problem, in their order. */
    java.util.List<String> pointers() {
      return get("errors").valueStream().map(e -> e.path("pointer").asString()).toList();
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(90));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException trouble) {
      throw new AssertionError(trouble);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  Answer get(String path, String... headers) {
    return send(with(request(path).GET(), headers));
  }

  Answer post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return send(with(request, headers));
  }

  Answer post(String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return send(with(request, headers));
  }

  Answer put(String path, String body, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body));
    return send(with(request, headers));
  }

  Answer delete(String path, String... headers) {
    return send(with(request(path).DELETE(), headers));
  }

  Answer method(String method, String path, String... headers) {
    return send(with(request(path).method(method, HttpRequest.BodyPublishers.noBody()), headers));
  }

  private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
    return headers.length == 0 ? request : request.headers(headers);
  }

  /** Submits with an input. */
  Answer submit(String worker, String input, String... headers) {
    return post("/v1/jobs", "{\"worker\":\"" + worker + "\",\"input\":" + input + "}", headers);
  }

  /** Submits and answers the id. */
  String submitted(String worker, String input) {
    Answer answer = submit(worker, input);
    assertThat(answer.status()).as(answer.text()).isIn(200, 202);
    return answer.id();
  }

  Answer job(String id) {
    return get("/v1/jobs/" + id);
  }

  /** Waits until the job has the status. */
  Answer until(String id, String status) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> job(id), job -> job.get("status").asString().equals(status));
  }
}
