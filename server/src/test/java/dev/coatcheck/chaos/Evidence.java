package dev.coatcheck.chaos;

import dev.coatcheck.chaos.History.Line;
import dev.coatcheck.lease.LeaseToken;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A history sorted by what the invariants ask for.
 *
 * @param dump every job as the API told of it when all was over
 * @param grants what runners got, by job, in the order of the answers
 * @param verbs what runners said of what they hold, by job
 * @param reads what clients read, by job
 */
record Evidence(
    History history,
    Map<String, Line> dump,
    Map<String, List<Line>> grants,
    Map<String, List<Line>> verbs,
    Map<String, List<Line>> reads) {

  static final String CLIENT = "client";
  static final String RUNNER = "runner";
  static final String PROVIDER = "provider";
  static final String NEMESIS = "nemesis";
  static final String STORE = "store";

  static Evidence of(History history) {
    Map<String, Line> dump = new LinkedHashMap<>();
    history.all(STORE, "dump").forEach(line -> dump.put(line.text("job"), line));
    return new Evidence(
        history,
        dump,
        history.by("job", RUNNER, "grant"),
        history.by(
            "job", RUNNER, "progress", "complete", "fail", "release", "suspend", "heartbeat"),
        history.by("job", CLIENT, "get"));
  }

  List<Line> submits() {
    return history.all(CLIENT, "submit");
  }

  List<Line> grants(String job) {
    return grants.getOrDefault(job, List.of());
  }

  List<Line> verbs(String job) {
    return verbs.getOrDefault(job, List.of());
  }

  List<Line> reads(String job) {
    return reads.getOrDefault(job, List.of());
  }

  /** How long a lease lasts without a heartbeat; 0 if nobody said. */
  long leaseMillis() {
    return history.all(NEMESIS, "plan").stream()
        .mapToLong(line -> line.number("lease_ms"))
        .findFirst()
        .orElse(0);
  }

  /**
   * What shows that a grant was held: its answer and its heartbeats in their order. The fence tells
   * it from others of the same attempt.
   */
  List<Line> held(String job, long fence) {
    return Stream.concat(grants(job).stream(), verbs(job).stream())
        .filter(line -> fence(line) == fence)
        .filter(line -> line.what().equals("grant") || line.what().equals("heartbeat"))
        .filter(line -> !line.unknown())
        .sorted(Comparator.comparingLong(Line::t))
        .toList();
  }

  /** The job's row in the dump; missing if it is lost. */
  @Nullable JsonNode state(String job) {
    Line line = dump.get(job);
    return line == null ? null : line.data().path("state");
  }

  /** The line of the dump that tells of a job that is there. */
  Line told(String job) {
    return Objects.requireNonNull(dump.get(job));
  }

  static String status(JsonNode state) {
    return state.path("status").asString("");
  }

  /** The fence of the token that the line names; -1 without one. */
  static long fence(Line line) {
    return LeaseToken.parse(line.text("token")).map(LeaseToken::fence).orElse(-1L);
  }

  /** The runner was told that the verb took effect. */
  static boolean accepted(Line verb) {
    return verb.ok() && !verb.text("state").equals("stop");
  }
}
