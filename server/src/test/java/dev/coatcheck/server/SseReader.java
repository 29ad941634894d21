package dev.coatcheck.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a stream of server-sent events, as a browser does. */
final class SseReader implements AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;

  /** An event; the id is empty where the stream gave none. */
  record Event(Optional<Long> id, String type, JsonNode data) {}

  SseReader(Client client, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(client.base + path))
            .header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  int status() {
    return response.statusCode();
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** The next event; empty at the end of the stream. Comments and retry are passed over. */
  Optional<Event> next() throws IOException {
    Optional<Long> id = Optional.empty();
    String type = "";
    StringBuilder data = new StringBuilder();
    @Nullable String line = lines.readLine();
    while (line != null) {
      if (line.startsWith("id: ")) {
        id = Optional.of(Long.parseLong(line.substring(4)));
      } else if (line.startsWith("event: ")) {
        type = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data.append(line.substring(6));
      } else if (line.isEmpty() && !type.isEmpty()) {
        return Optional.of(new Event(id, type, Client.MAPPER.readTree(data.toString())));
      }
      line = lines.readLine();
    }
    return Optional.empty();
  }

  /** Everything up to the end of the stream. */
  List<Event> all() throws IOException {
    List<Event> all = new ArrayList<>();
    for (Optional<Event> each = next(); each.isPresent(); each = next()) {
      all.add(each.get());
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
