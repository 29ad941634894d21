package dev.coatcheck.client.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The way to one server. Safe for use by many threads; connections are kept and shared. */
public final class Link {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final String base;
  private final @Nullable String key;
  private final HttpClient http;

  private Link(String base, @Nullable String key, HttpClient http) {
    this.base = base;
    this.key = key;
    this.http = http;
  }

  /**
   * A way to the server at a URL.
   *
   * @param key the API key; null or blank for an open server
   * @throws IllegalArgumentException if this is not the URL of a server
   */
  public static Link to(String url, @Nullable String key) {
    URI uri = URI.create(url.strip());
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getQuery() != null) {
      throw new IllegalArgumentException("not the URL of a server: " + url);
    }
    // HTTP/2 over plain text would cost an upgrade for nothing, and the server speaks HTTP/1.1.
    // What
    // is done with a part of an answer never blocks here, so it needs no thread of its own: a third
    // less CPU for each call.
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Runnable::run)
            .connectTimeout(CONNECT)
            .build();
    String base = uri.toString().replaceAll("/+$", "");
    return new Link(base, key == null || key.isBlank() ? null : key.strip(), http);
  }

  /** Sends once. */
  public Answer send(Call call) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(request(call).timeout(call.timeout()).build(), BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response.headers(), response.body());
  }

  /** Sends once; the headers come within the call's timeout, the body may take any time. */
  public <T> HttpResponse<T> open(Call call, BodyHandler<T> body)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> response = http.sendAsync(request(call).build(), body);
    try {
      return response.get(call.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException silent) {
      throw new HttpTimeoutException("no answer within " + call.timeout());
    } catch (ExecutionException trouble) {
      throw new IOException(String.valueOf(trouble.getMessage()), trouble.getCause());
    } finally {
      response.cancel(true);
    }
  }

  private HttpRequest.Builder request(Call call) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + call.path()));
    call.headers().forEach(request::header);
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    if (call.body() == null) {
      return request.method(call.method(), BodyPublishers.noBody());
    }
    return request
        .header("Content-Type", "application/json")
        .method(call.method(), BodyPublishers.ofByteArray(call.body()));
  }
}
