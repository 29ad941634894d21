package dev.coatcheck.cli.client;

import dev.coatcheck.cli.exit.CliException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls to one server. */
public final class Api implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration UPLOAD_TIMEOUT = Duration.ofHours(1);
  private static final Duration DOWNLOAD_TIMEOUT = Duration.ofHours(12);

  private final Target target;
  private final HttpClient http;

  public Api(Target target) {
    this.target = target;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  public Target target() {
    return target;
  }

  /** Answered 2xx, or the command ends. */
  public Answer get(String path) {
    try {
      return exchange(request(path).timeout(ANSWER_TIMEOUT).GET().build()).orRefused();
    } catch (ConnectionException e) {
      throw e.asFailure();
    }
  }

  /** One try; the caller decides what to do without an answer. */
  public Answer tryGet(String path) throws ConnectionException {
    return exchange(request(path).timeout(ANSWER_TIMEOUT).GET().build());
  }

  /** One try; the caller decides what to do without an answer. */
  public Answer tryPost(String path, Content body, Map<String, String> headers)
      throws ConnectionException {
    Duration timeout = body instanceof Content.Form ? UPLOAD_TIMEOUT : ANSWER_TIMEOUT;
    HttpRequest.Builder request =
        request(path).timeout(timeout).header("Content-Type", body.type());
    headers.forEach(request::header);
    try {
      return exchange(request.POST(body.publisher()).build());
    } catch (FileNotFoundException gone) {
      throw CliException.usage("The file cannot be read: " + gone.getMessage());
    }
  }

  /** Answered 2xx, or the command ends. */
  public Answer put(String path, String json) {
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(json);
    return repeatable(request(path).header("Content-Type", "application/json").PUT(body));
  }

  /** Answered 2xx, or the command ends. */
  public Answer delete(String path) {
    return repeatable(request(path).DELETE());
  }

  private Answer repeatable(HttpRequest.Builder request) {
    try {
      return exchange(request.timeout(ANSWER_TIMEOUT).build()).orRefused();
    } catch (ConnectionException e) {
      throw e.asFailure();
    }
  }

  /** Writes the answer to a file that is there; a refusal is answered with its body. */
  public Answer tryDownload(String path, String type, Path file) throws ConnectionException {
    HttpRequest request =
        request(path)
            .setHeader("Accept", type + ", application/problem+json")
            .timeout(DOWNLOAD_TIMEOUT)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<byte[]> response =
        send(
            request,
            head ->
                head.statusCode() / 100 == 2
                    ? BodySubscribers.mapping(BodySubscribers.ofFile(file), at -> new byte[0])
                    : BodySubscribers.ofByteArray());
    return new Answer(response.statusCode(), response.headers(), response.body());
  }

  /** Opens the live events of a job; without an id only what happens from now on. */
  HttpResponse<InputStream> events(String jobId, Optional<String> lastEventId)
      throws ConnectionException {
    String path = "/v1/jobs/" + Target.segment(jobId) + "/events";
    HttpRequest.Builder request =
        request(lastEventId.isPresent() ? path : path + "?after=latest")
            .setHeader("Accept", "text/event-stream")
            .GET();
    lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
    return open(request.build());
  }

  /** The time limit is on the head of the answer only: the events may take hours. */
  private HttpResponse<InputStream> open(HttpRequest request) throws ConnectionException {
    CompletableFuture<HttpResponse<InputStream>> response =
        http.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      return response.get(ANSWER_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      IOException cause =
          e.getCause() instanceof IOException io ? io : new IOException(e.getMessage(), e);
      throw ConnectionException.of(target, cause);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw ConnectionException.of(target, new HttpTimeoutException("no answer"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.unreachable("Interrupted while waiting for " + target);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.resolve(path))
            .setHeader("Accept", "application/json, application/problem+json")
            .setHeader("User-Agent", "coatcheck-cli");
    target.key().ifPresent(key -> request.setHeader("Authorization", "Bearer " + key));
    return request;
  }

  private Answer exchange(HttpRequest request) throws ConnectionException {
    HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response.headers(), response.body());
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws ConnectionException {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw ConnectionException.of(target, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.unreachable("Interrupted while waiting for " + target);
    }
  }
}
