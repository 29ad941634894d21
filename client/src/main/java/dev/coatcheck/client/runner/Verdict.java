package dev.coatcheck.client.runner;

import dev.coatcheck.client.Usage;
import dev.coatcheck.client.http.Json;
import dev.coatcheck.client.work.Busy;
import dev.coatcheck.client.work.NotDone;
import dev.coatcheck.client.work.Release;
import dev.coatcheck.client.work.Suspend;
import dev.coatcheck.client.work.WorkFailure;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last thing that is said about a lease.
 *
 * @param meant whether the handler came to it by itself, not because something broke
 */
record Verdict(String verb, Object body, boolean meant) {

  private static final int MESSAGE_MAX = 2_000;
  private static final int LINE_MAX = 200;

  static final Verdict RELEASE = new Verdict("release", Map.of(), true);

  private record Complete(@Nullable JsonNode output, @Nullable Usage usage) {}

  private record Failure(String code, String message, @Nullable JsonNode upstream) {}

  private record Fail(
      Failure error, boolean retryable, @Nullable String retryAfter, @Nullable Usage usage) {}

  private record BusyBody(String retryAfter, @Nullable String scope, @Nullable String reason) {}

  private record SuspendBody(String timeout, @Nullable JsonNode state, String onTimeout) {}

  static Verdict complete(@Nullable Object output, @Nullable Usage usage, JsonMapper json) {
    return new Verdict(
        "complete",
        Json.WIRE.writeValueAsBytes(new Complete(json.valueToTree(output), usage)),
        true);
  }

  static Verdict of(NotDone ending, @Nullable Usage usage, JsonMapper json) {
    if (ending instanceof WorkFailure failure) {
      String wait = failure.retryAfter().map(Json::duration).orElse(null);
      JsonNode upstream = tree(failure.upstream(), json);
      return new Verdict(
          "fail",
          new Fail(
              new Failure(failure.code(), Text.cut(failure.message(), MESSAGE_MAX), upstream),
              failure.retryable(),
              wait,
              usage),
          true);
    } else if (ending instanceof Busy busy) {
      return new Verdict(
          "busy",
          new BusyBody(
              Json.duration(busy.retryAfter()),
              Text.line(busy.scope(), LINE_MAX),
              Text.line(busy.reason(), LINE_MAX)),
          true);
    } else if (ending instanceof Suspend suspend) {
      String onTimeout = suspend.resumesOnTimeout() ? "resume" : "fail";
      Duration timeout = suspend.timeout();
      return new Verdict(
          "suspend",
          new SuspendBody(Json.duration(timeout), tree(suspend.state(), json), onTimeout),
          true);
    } else if (ending instanceof Release) {
      return RELEASE;
    }
    throw new IllegalStateException("not a way to end: " + ending);
  }

  /** The handler broke. */
  static Verdict broken(Throwable trouble, @Nullable Usage usage) {
    Failure failure = new Failure("worker_error", Text.cut(trouble.toString(), MESSAGE_MAX), null);
    return new Verdict("fail", new Fail(failure, true, null, usage), false);
  }

  /** What stands in for a verdict that the server does not take, and would not take again. */
  static Verdict refused(Verdict verdict, String code, String why, @Nullable Usage usage) {
    String detail = verdict.body() instanceof Fail fail ? ": " + fail.error().message() : "";
    Failure failure =
        new Failure(
            code, Text.cut(verdict.verb() + " was refused: " + why + detail, MESSAGE_MAX), null);
    boolean retryable = verdict.body() instanceof Fail fail && fail.retryable();
    return new Verdict("fail", new Fail(failure, retryable, null, usage), true);
  }

  /** Whether the body says what was consumed. */
  boolean tellsUsage() {
    return verb.equals("complete") || verb.equals("fail");
  }

  private static @Nullable JsonNode tree(@Nullable Object value, JsonMapper json) {
    return value == null ? null : json.valueToTree(value);
  }
}
