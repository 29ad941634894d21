package dev.coatcheck.client;

import dev.coatcheck.client.http.Json;
import dev.coatcheck.client.http.Lines;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads events from the lines of a server-sent stream (WHATWG HTML, section 9.2). */
final class EventParser {

  private final Lines lines;
  private final Duration silence;
  private Duration retry = Duration.ofSeconds(2);

  EventParser(Lines lines, Duration silence) {
    this.lines = lines;
    this.silence = silence;
  }

  /** How long to wait before connecting again. */
  Duration retry() {
    return retry;
  }

  /**
   * The next event; empty at the end of the stream. One that is cut off by it is none.
   *
   * @throws IOException if the connection breaks, is silent for too long, or sends no JSON
   */
  Optional<JobEvent> next() throws IOException, InterruptedException {
    StringBuilder data = new StringBuilder();
    for (Optional<String> line = lines.next(silence);
        line.isPresent();
        line = lines.next(silence)) {
      String text = line.get();
      if (text.isEmpty() && !data.isEmpty()) {
        return Optional.of(event(data.substring(1)));
      } else if (text.startsWith("data:")) {
        data.append('\n').append(value(text));
      } else if (text.startsWith("retry:") && value(text).matches("\\d{1,6}")) {
        retry = Duration.ofMillis(Long.parseLong(value(text)));
      }
    }
    return Optional.empty();
  }

  private static String value(String line) {
    String value = line.substring(line.indexOf(':') + 1);
    return value.startsWith(" ") ? value.substring(1) : value;
  }

  private static JobEvent event(String data) throws IOException {
    try {
      JsonNode node = Json.WIRE.readTree(data);
      Class<? extends JobEvent> kind = kind(node.path("type").asString(""));
      return kind == null
          ? new JobEvent.Other(
              node.path("id").asLong(0),
              Instant.parse(node.path("at").asString("1970-01-01T00:00:00Z")),
              node.path("type").asString(""),
              node)
          : Json.WIRE.treeToValue(node, kind);
    } catch (JacksonException broken) {
      throw new IOException("not an event: " + data, broken);
    }
  }

  private static @Nullable Class<? extends JobEvent> kind(String type) {
    return switch (type) {
      case "snapshot" -> JobEvent.Snapshot.class;
      case "gap" -> JobEvent.Gap.class;
      case "status" -> JobEvent.Status.class;
      case "progress" -> JobEvent.Progressed.class;
      case "log" -> JobEvent.Logged.class;
      case "output" -> JobEvent.Output.class;
      case "error" -> JobEvent.AttemptFailed.class;
      case "done" -> JobEvent.Done.class;
      default -> null;
    };
  }
}
