package dev.coatcheck.server.jobs;

import dev.coatcheck.job.CacheUse;
import dev.coatcheck.job.Submission;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Problem.Fault;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads options from JSON and notes every fault, so that a caller learns of all at once. */
final class OptionsReader {

  private static final int KEY_MAX = 255;
  private static final int METADATA_MAX = 50;
  private static final int METADATA_KEY_MAX = 100;
  private static final int METADATA_VALUE_MAX = 500;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final Pattern INSTANT =
      Pattern.compile(
          "^\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:[0-5]\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)$");

  private final Members members;
  private final Instant now;

  private OptionsReader(Members members, Instant now) {
    this.members = members;
    this.now = now;
  }

  /** Reads the members that are options; faults are added to the list. */
  static Options read(JsonNode members, Instant now, List<Fault> faults) {
    Faults found = new Faults();
    OptionsReader reader = new OptionsReader(Members.of(members, found), now);
    Options options =
        new Options(
            reader.members.line("unique_key", KEY_MAX),
            reader.members.integer("priority", -Submission.PRIORITY_MAX, Submission.PRIORITY_MAX),
            reader.instant("run_at"),
            reader.members.duration("delay", Duration.ZERO, LONGEST),
            reader.members.duration("queue_timeout", SHORTEST, LONGEST),
            reader.members.duration("run_timeout", SHORTEST, LONGEST),
            reader.members.duration("deadline", SHORTEST, LONGEST),
            reader.members.integer("max_attempts", 1, Submission.ATTEMPTS_MAX),
            reader.members.line("fairness_key", KEY_MAX),
            cache(reader.members),
            reader.metadata());
    if (options.runAt() != null && options.delay() != null) {
      found.add("/delay", "cannot be given together with run_at");
    }
    faults.addAll(found.invalid());
    return options;
  }

  private static CacheUse cache(Members members) {
    String word = members.word("cache", Stream.of(CacheUse.values()).map(CacheUse::wire).toList());
    return Stream.of(CacheUse.values())
        .filter(use -> use.wire().equals(word))
        .findFirst()
        .orElse(CacheUse.USE);
  }

  /** Reads options that are of no one submission; faults are noted with the members. */
  static Options standing(Members members) {
    OptionsReader reader = new OptionsReader(members, Instant.EPOCH);
    return new Options(
        null,
        reader.members.integer("priority", -Submission.PRIORITY_MAX, Submission.PRIORITY_MAX),
        null,
        null,
        reader.members.duration("queue_timeout", SHORTEST, LONGEST),
        reader.members.duration("run_timeout", SHORTEST, LONGEST),
        reader.members.duration("deadline", SHORTEST, LONGEST),
        reader.members.integer("max_attempts", 1, Submission.ATTEMPTS_MAX),
        reader.members.line("fairness_key", KEY_MAX),
        CacheUse.USE,
        reader.metadata());
  }

  private @Nullable Instant instant(String name) {
    JsonNode node = members.get(name);
    if (node == null) {
      return null;
    }
    Optional<Instant> parsed = node.isString() ? parse(node.stringValue()) : Optional.empty();
    if (parsed.isEmpty()) {
      members.fault(name, "must be an RFC 3339 instant with a zone, like \"2027-01-31T08:30:00Z\"");
      return null;
    }
    Instant at = parsed.get();
    if (Duration.between(now, at).abs().compareTo(LONGEST) > 0) {
      members.fault(name, "must be within a year of now");
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
    JsonNode node = members.get("metadata");
    if (node == null) {
      return metadata;
    }
    if (!node.isObject()) {
      members.fault("metadata", "must be an object of strings");
      return metadata;
    }
    if (node.size() > METADATA_MAX) {
      members.fault("metadata", "must have at most " + METADATA_MAX + " members");
      return metadata;
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String key = member.getKey();
      if (key.isEmpty() || key.length() > METADATA_KEY_MAX || hasControl(key)) {
        entry(key, "a key must have 1 to " + METADATA_KEY_MAX + " characters");
      } else if (!member.getValue().isString()) {
        entry(key, "must be a string");
      } else if (member.getValue().stringValue().length() > METADATA_VALUE_MAX
          || hasControl(member.getValue().stringValue())) {
        entry(
            key,
            "must have at most "
                + METADATA_VALUE_MAX
                + " characters, none of them a control character");
      } else {
        metadata.put(key, member.getValue().stringValue());
      }
    }
    return metadata;
  }

  private void entry(String key, String detail) {
    members.fault("metadata", key, detail);
  }

  static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
