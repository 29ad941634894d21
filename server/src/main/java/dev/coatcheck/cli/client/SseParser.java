package dev.coatcheck.cli.client;

import java.time.Duration;
import java.util.Optional;

/** Server-sent events, line by line, as the HTML standard reads them. */
final class SseParser {

  private static final String MARK = "\ufeff";

  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private String lastId = "";
  private Duration retry = Duration.ofSeconds(2);
  private boolean first = true;

  /** Continues a stream that broke after the event with this id. */
  SseParser(String lastId) {
    this.lastId = lastId;
  }

  /** How long to wait before a new connection, as the server asks. */
  Duration retry() {
    return retry;
  }

  /** Takes one line without its end; an empty one completes an event. */
  Optional<SseEvent> line(String raw) {
    String line = first && raw.startsWith(MARK) ? raw.substring(1) : raw;
    first = false;
    if (line.isEmpty()) {
      return complete();
    }
    int colon = line.indexOf(':');
    if (colon != 0) {
      String name = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      field(name, value.startsWith(" ") ? value.substring(1) : value);
    }
    return Optional.empty();
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> type = value;
      case "data" -> data.append(value).append('\n');
      case "id" -> lastId = value.indexOf('\0') < 0 ? value : lastId;
      case "retry" -> {
        if (value.matches("\\d{1,9}")) {
          retry = Duration.ofMillis(Long.parseLong(value));
        }
      }
      default -> {
        // Unknown fields are ignored.
      }
    }
  }

  private Optional<SseEvent> complete() {
    if (data.isEmpty()) {
      type = "";
      return Optional.empty();
    }
    data.setLength(data.length() - 1);
    SseEvent event = new SseEvent(type.isEmpty() ? "message" : type, data.toString(), lastId);
    data.setLength(0);
    type = "";
    return Optional.of(event);
  }
}
