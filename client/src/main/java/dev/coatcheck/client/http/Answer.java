package dev.coatcheck.client.http;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What the server said. */
public record Answer(int status, HttpHeaders headers, byte[] body) {

  public boolean ok() {
    return status / 100 == 2;
  }

  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** The body; a missing node if it is not JSON. */
  public JsonNode json() {
    try {
      return body.length == 0 ? MissingNode.getInstance() : Json.WIRE.readTree(body);
    } catch (JacksonException notJson) {
      return MissingNode.getInstance();
    }
  }

  /** The code of a problem; empty if there is none. */
  public String code() {
    return ok() ? "" : json().path("code").asString("");
  }

  /** What {@code Retry-After} says, if it says seconds. */
  public Optional<Duration> retryAfter() {
    String text = header("Retry-After");
    boolean seconds = text.matches("\\d{1,9}");
    return seconds ? Optional.of(Duration.ofSeconds(Long.parseLong(text))) : Optional.empty();
  }

  /** The server took nothing and may take the same later. */
  boolean refusedForNow() {
    return switch (header("x-should-retry")) {
      case "true" -> true;
      case "false" -> false;
      default -> status == 429 || status == 503;
    };
  }

  /** The same is worth saying again, if it does no harm twice. */
  public boolean passing() {
    return refusedForNow() || inDoubt();
  }

  /** Somebody in between gave up: whether the request arrived is not known. */
  boolean inDoubt() {
    return status == 408 || status == 502 || status == 504;
  }
}
