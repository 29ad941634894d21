package dev.coatcheck.client;

import dev.coatcheck.client.http.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The server refused the request (RFC 9457). */
public final class ProblemException extends CoatcheckException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String requestId;
  private final transient List<Fault> faults;
  private final transient Optional<Duration> retryAfter;

  /**
   * One thing that is wrong.
   *
   * @param pointer where: a JSON pointer into the body, or {@code ?name} for a parameter
   */
  public record Fault(String pointer, String detail) {}

  private ProblemException(Answer answer, JsonNode body) {
    super(text(answer, body));
    this.status = answer.status();
    this.code = body.path("code").asString("");
    this.requestId = answer.header("X-Request-Id");
    this.retryAfter = answer.retryAfter();
    List<Fault> found = new ArrayList<>();
    for (JsonNode each : body.path("errors")) {
      found.add(new Fault(each.path("pointer").asString(""), each.path("detail").asString("")));
    }
    this.faults = List.copyOf(found);
  }

  static ProblemException of(Answer answer) {
    return new ProblemException(answer, answer.json());
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** A stable word such as {@code validation_failed}; empty if somebody else answered. */
  public String code() {
    return code;
  }

  /** Names the request in the server's log. */
  public String requestId() {
    return requestId;
  }

  public List<Fault> faults() {
    return faults;
  }

  /** When the same request may succeed, if the server said so. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }

  private static String text(Answer answer, JsonNode body) {
    String code = body.path("code").asString("");
    String detail = body.path("detail").asString("");
    String what = code.isEmpty() ? "HTTP " + answer.status() : answer.status() + " " + code;
    return detail.isEmpty() ? what : what + ": " + detail;
  }
}
