package dev.coatcheck.cli;

import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.exit.CliException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** How a job shall be treated: sent to the server only where given, so that its defaults hold. */
final class SubmitOptions {

  private static final String DURATION = "\\d+(\\.\\d+)?(ms|s|m|h|d)";

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "The same key and the same job again give the same ticket. Default: a new one.")
  private @Nullable String idempotencyKey;

  @Option(
      names = "--unique-key",
      paramLabel = "KEY",
      description = "While a job with this key is open, it is the answer; no second one is made.")
  private @Nullable String uniqueKey;

  @Option(
      names = "--priority",
      paramLabel = "N",
      description = "-100 to 100, higher first. Default: 0.")
  private @Nullable Integer priority;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "Start this much later, for example 20m.")
  private @Nullable String delay;

  @Option(
      names = "--run-at",
      paramLabel = "INSTANT",
      description = "Start then, for example 2026-12-01T08:00:00Z.")
  private @Nullable String runAt;

  @Option(names = "--run-timeout", paramLabel = "TIME", description = "Limit of one attempt.")
  private @Nullable String runTimeout;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      description = "Limit of the whole job, from now.")
  private @Nullable String deadline;

  @Option(names = "--max-attempts", paramLabel = "N", description = "How often it may be tried.")
  private @Nullable Integer maxAttempts;

  @Option(
      names = {"-m", "--metadata"},
      paramLabel = "KEY=VALUE",
      description = "Kept with the job. May be given several times.")
  private Map<String, String> metadata = new LinkedHashMap<>();

  @Nullable String idempotencyKey() {
    if (idempotencyKey != null && !idempotencyKey.matches("[\\x20-\\x7e]{1,255}")) {
      throw CliException.usage("--idempotency-key: 1 to 255 printable ASCII characters.");
    }
    return idempotencyKey;
  }

  void addTo(ObjectNode body) {
    putText(body, "unique_key", uniqueKey);
    putNumber(body, "priority", priority);
    putDuration(body, "delay", delay);
    putInstant(body, runAt);
    putDuration(body, "run_timeout", runTimeout);
    putDuration(body, "deadline", deadline);
    putNumber(body, "max_attempts", maxAttempts);
    if (!metadata.isEmpty()) {
      ObjectNode pairs = body.putObject("metadata");
      metadata.forEach(pairs::put);
    }
  }

  /** The same as parameters of a URL, with the question mark; empty if nothing is given. */
  String query() {
    ObjectNode options = Json.MAPPER.createObjectNode();
    addTo(options);
    List<String> pairs = new ArrayList<>();
    options
        .properties()
        .forEach(each -> {
          if (each.getValue().isObject()) {
            each.getValue()
                .properties()
                .forEach(entry ->
                    pairs.add(pair("metadata." + entry.getKey(), entry.getValue().asString())));
          } else {
            pairs.add(pair(each.getKey(), each.getValue().asString()));
          }
        });
    return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
  }

  private static String pair(String name, String value) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        + "="
        + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static void putText(ObjectNode body, String name, @Nullable String value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  private static void putNumber(ObjectNode body, String name, @Nullable Integer value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  private static void putDuration(ObjectNode body, String name, @Nullable String value) {
    if (value != null && !value.matches(DURATION)) {
      throw CliException.usage(
          "--"
              + name.replace('_', '-')
              + ": a number with a unit (ms, s, m, h, d), for example 20m.");
    }
    putText(body, name, value);
  }

  private static void putInstant(ObjectNode body, @Nullable String value) {
    try {
      putText(
          body,
          "run_at",
          value == null ? null : OffsetDateTime.parse(value).toInstant().toString());
    } catch (DateTimeParseException e) {
      throw CliException.usage("--run-at: a time with its zone, for example 2026-12-01T08:00:00Z.");
    }
  }
}
