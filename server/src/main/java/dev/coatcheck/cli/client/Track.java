package dev.coatcheck.cli.client;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/**
 * What is known of a watched job. Changed by events and by whole job documents; all text is as the
 * server sent it, not yet safe to show.
 */
public record Track(
    String id,
    String worker,
    String status,
    String waitReason,
    boolean done,
    int attempt,
    int maxAttempts,
    OptionalDouble fraction,
    String detail,
    String trouble,
    String streamed,
    Optional<Instant> startedAt) {

  private static final int STREAM_TAIL = 400;

  /** Nothing known but the id. */
  public static Track unknown(String id) {
    return new Track(
        id, "", "", "", false, 0, 0, OptionalDouble.empty(), "", "", "", Optional.empty());
  }

  /** The job as one document tells it. */
  public static Track of(JsonNode job) {
    JsonNode progress = job.path("progress");
    return new Track(
        job.path("id").asString(""),
        job.path("worker").asString(""),
        job.path("status").asString(""),
        job.path("wait_reason").asString(""),
        job.path("done").asBoolean(false),
        job.path("attempt").asInt(0),
        job.path("max_attempts").asInt(0),
        number(progress.path("fraction")),
        detail(progress),
        trouble(job.path("error")),
        "",
        instant(job.path("started_at")));
  }

  /** After one event of the stream. */
  public Track after(JsonNode event) {
    return switch (event.path("type").asString("")) {
      case "snapshot" -> of(event.path("job")).withStreamed(streamed);
      case "status" -> afterStatus(event);
      case "progress" -> withProgress(number(event.path("fraction")), detail(event));
      case "output" -> withStreamed(tail(event));
      case "error" -> withTrouble(trouble(event.path("error")));
      case "done" -> afterDone(event);
      default -> this;
    };
  }

  private Track afterStatus(JsonNode event) {
    String now = event.path("status").asString(status);
    int number = event.path("attempt").asInt(attempt);
    boolean sameRun = number == attempt;
    boolean starts = startedAt.isEmpty() && "running".equals(now);
    return new Track(
        id,
        worker,
        now,
        event.path("wait_reason").asString(""),
        done,
        number,
        maxAttempts,
        sameRun ? fraction : OptionalDouble.empty(),
        sameRun ? detail : "",
        trouble,
        sameRun ? streamed : "",
        starts ? instant(event.path("at")) : startedAt);
  }

  private Track afterDone(JsonNode event) {
    String end = event.path("status").asString(status);
    String why = trouble(event.path("error"));
    return new Track(
        id,
        worker,
        end,
        "",
        true,
        attempt,
        maxAttempts,
        fraction,
        detail,
        why,
        streamed,
        startedAt);
  }

  private Track withProgress(OptionalDouble newFraction, String newDetail) {
    return new Track(
        id,
        worker,
        status,
        waitReason,
        done,
        attempt,
        maxAttempts,
        newFraction,
        newDetail,
        trouble,
        streamed,
        startedAt);
  }

  private Track withTrouble(String newTrouble) {
    return new Track(
        id,
        worker,
        status,
        waitReason,
        done,
        attempt,
        maxAttempts,
        fraction,
        detail,
        newTrouble,
        streamed,
        startedAt);
  }

  private Track withStreamed(String newStreamed) {
    return new Track(
        id,
        worker,
        status,
        waitReason,
        done,
        attempt,
        maxAttempts,
        fraction,
        detail,
        trouble,
        newStreamed,
        startedAt);
  }

  private String tail(JsonNode event) {
    StringBuilder all = new StringBuilder(event.path("offset").asLong(0) == 0 ? "" : streamed);
    event.path("chunks").forEach(chunk -> all.append(chunk.asString("")));
    return all.substring(Math.max(0, all.length() - STREAM_TAIL));
  }

  private static String detail(JsonNode progress) {
    StringJoiner detail = new StringJoiner(" · ");
    for (String part : new String[] {"stage", "message"}) {
      String text = progress.path(part).asString("");
      if (!text.isEmpty()) {
        detail.add(text);
      }
    }
    return detail.toString();
  }

  private static String trouble(JsonNode error) {
    String code = error.path("code").asString("");
    String message = error.path("message").asString("");
    return code.isEmpty() || message.isEmpty() ? code + message : code + ": " + message;
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }

  private static Optional<Instant> instant(JsonNode node) {
    try {
      return node.isString() ? Optional.of(Instant.parse(node.asString())) : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
