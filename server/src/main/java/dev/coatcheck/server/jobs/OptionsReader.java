package dev.coatcheck.server.jobs;

import dev.coatcheck.job.Submission;
import dev.coatcheck.server.config.Durations;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.json.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads options from JSON and notes every fault, so that a caller learns of all at once. */
final class OptionsReader {

  private static final int KEY_MAX = 255;
  private static final int METADATA_MAX = 50;
  private static final int METADATA_KEY_MAX = 100;
  private static final int METADATA_VALUE_MAX = 500;
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final Pattern INSTANT =
      Pattern.compile(
          "^\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:[0-5]\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)$");

  private final JsonNode members;
  private final Instant now;
  private final List<Fault> faults;

  private OptionsReader(JsonNode members, Instant now, List<Fault> faults) {
    this.members = members;
    this.now = now;
    this.faults = faults;
  }

  /** Reads the members that are options; faults are added to the list. */
  static Options read(JsonNode members, Instant now, List<Fault> faults) {
    OptionsReader reader = new OptionsReader(members, now, faults);
    Options options =
        new Options(
            reader.key("unique_key"),
            reader.integer("priority", -Submission.PRIORITY_MAX, Submission.PRIORITY_MAX),
            reader.instant("run_at"),
            reader.duration("delay", true),
            reader.duration("queue_timeout", false),
            reader.duration("run_timeout", false),
            reader.duration("deadline", false),
            reader.integer("max_attempts", 1, Submission.ATTEMPTS_MAX),
            reader.key("fairness_key"),
            reader.metadata());
    if (options.runAt() != null && options.delay() != null) {
      faults.add(new Fault("/delay", "cannot be given together with run_at"));
    }
    return options;
  }

  private @Nullable JsonNode get(String name) {
    JsonNode node = members.get(name);
    return node == null || node.isNull() ? null : node;
  }

  private void fault(String name, String detail) {
    faults.add(new Fault("/" + name, detail));
  }

  private @Nullable String key(String name) {
    JsonNode node = get(name);
    if (node == null) {
      return null;
    }
    if (!node.isString()) {
      fault(name, "must be a string");
      return null;
    }
    String text = node.stringValue();
    if (text.isEmpty() || text.length() > KEY_MAX || hasControl(text)) {
      fault(name, "must have 1 to " + KEY_MAX + " characters, none of them a control character");
      return null;
    }
    return text;
  }

  private @Nullable Integer integer(String name, int least, int most) {
    JsonNode node = get(name);
    if (node == null) {
      return null;
    }
    if (!node.isIntegralNumber()) {
      fault(name, "must be an integer");
      return null;
    }
    if (!node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
      fault(name, "must be from " + least + " to " + most);
      return null;
    }
    return node.intValue();
  }

  private @Nullable Duration duration(String name, boolean zero) {
    JsonNode node = get(name);
    if (node == null) {
      return null;
    }
    Optional<Duration> parsed =
        node.isString() ? Durations.parse(node.stringValue()) : Optional.empty();
    if (parsed.isEmpty()) {
      fault(name, "must be a string of " + Durations.FORM);
      return null;
    }
    Duration duration = parsed.get();
    if (duration.isZero() && !zero) {
      fault(name, "must be longer than 0");
      return null;
    }
    if (duration.compareTo(LONGEST) > 0) {
      fault(name, "must be at most " + Durations.text(LONGEST));
      return null;
    }
    return duration;
  }

  private @Nullable Instant instant(String name) {
    JsonNode node = get(name);
    if (node == null) {
      return null;
    }
    Optional<Instant> parsed = node.isString() ? parse(node.stringValue()) : Optional.empty();
    if (parsed.isEmpty()) {
      fault(name, "must be an RFC 3339 instant with a zone, like \"2027-01-31T08:30:00Z\"");
      return null;
    }
    Instant at = parsed.get();
    if (Duration.between(now, at).abs().compareTo(LONGEST) > 0) {
      fault(name, "must be within a year of now");
      return null;
    }
    return at;
  }

  /** An RFC 3339 instant; empty if the text is none. */
  static Optional<Instant> parse(String text) {
    if (!INSTANT.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Instant.ofEpochMilli(OffsetDateTime.parse(text).toInstant().toEpochMilli()));
    } catch (DateTimeException noSuchTime) {
      return Optional.empty();
    }
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    JsonNode node = get("metadata");
    if (node == null) {
      return metadata;
    }
    if (!node.isObject()) {
      fault("metadata", "must be an object of strings");
      return metadata;
    }
    if (node.size() > METADATA_MAX) {
      fault("metadata", "must have at most " + METADATA_MAX + " members");
      return metadata;
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String place = "metadata/" + Json.escape(member.getKey());
      String key = member.getKey();
      if (key.isEmpty() || key.length() > METADATA_KEY_MAX || hasControl(key)) {
        fault(place, "a key must have 1 to " + METADATA_KEY_MAX + " characters");
      } else if (!member.getValue().isString()) {
        fault(place, "must be a string");
      } else if (member.getValue().stringValue().length() > METADATA_VALUE_MAX
          || hasControl(member.getValue().stringValue())) {
        fault(
            place,
            "must have at most "
                + METADATA_VALUE_MAX
                + " characters, none of them a control character");
      } else {
        metadata.put(key, member.getValue().stringValue());
      }
    }
    return metadata;
  }

  static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
