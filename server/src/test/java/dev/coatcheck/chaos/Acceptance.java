package dev.coatcheck.chaos;

import dev.coatcheck.chaos.History.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * I1: what was acknowledged is there and ends, and nothing is there that nobody asked for. I6: a
 * key names one job, whatever was lost on the way.
 */
final class Acceptance implements Invariant {

  private static final String KEPT = "I1";
  private static final String GONE = " was acknowledged and is gone";

  @Override
  public List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    Map<String, Line> acknowledged = acknowledged(evidence);
    acknowledged.forEach((job, line) -> checkKept(evidence, job, line, found));
    checkExpected(evidence, acknowledged.keySet(), found);
    checkKeys(evidence, found);
    return found;
  }

  private static Map<String, Line> acknowledged(Evidence evidence) {
    Map<String, Line> acknowledged = new HashMap<>();
    List<Line> answers = new ArrayList<>(evidence.submits());
    answers.addAll(evidence.history().all(Evidence.CLIENT, "retry"));
    answers.stream()
        .filter(line -> line.ok() && !line.text("job").isEmpty())
        .forEach(line -> acknowledged.putIfAbsent(line.text("job"), line));
    return acknowledged;
  }

  /** Whether it tells of an acknowledged job that is gone. */
  static boolean lost(Violation violation) {
    return violation.invariant().equals(KEPT) && violation.text().endsWith(GONE);
  }

  private static void checkKept(Evidence evidence, String job, Line line, List<Violation> found) {
    JsonNode state = evidence.state(job);
    if (state == null) {
      found.add(Violation.of(KEPT, job + GONE, line));
    } else if (!state.path("done").asBoolean()) {
      String text = job + " was acknowledged and is still " + Evidence.status(state);
      found.add(Violation.of(KEPT, text, line, evidence.told(job)));
    }
  }

  /** A job without an acknowledgement may only come from a retry whose answer was lost. */
  private static void checkExpected(
      Evidence evidence, Set<String> acknowledged, List<Violation> found) {
    Set<String> retried = new HashSet<>();
    evidence.history().all(Evidence.CLIENT, "retry").stream()
        .filter(Line::unknown)
        .forEach(line -> retried.add(line.text("of")));
    Set<String> open = new HashSet<>();
    evidence.submits().stream().filter(Line::unknown).forEach(line -> open.add(line.text("key")));
    evidence.submits().stream().filter(Line::ok).forEach(line -> open.remove(line.text("key")));
    int allowed = open.size();
    for (Map.Entry<String, Line> each : evidence.dump().entrySet()) {
      JsonNode state = each.getValue().data().path("state");
      if (acknowledged.contains(each.getKey())
          || retried.contains(state.path("retry_of").asString(""))) {
        continue;
      }
      if (--allowed < 0) {
        String text = each.getKey() + " is there and nobody handed it in";
        found.add(Violation.of(KEPT, text, each.getValue()));
      }
    }
  }

  private static void checkKeys(Evidence evidence, List<Violation> found) {
    Map<String, Line> byKey = new HashMap<>();
    Map<String, Line> byJob = new HashMap<>();
    for (Line line : evidence.submits()) {
      if (!line.ok()) {
        continue;
      }
      Line same = byKey.putIfAbsent(line.text("key"), line);
      if (same != null && !same.text("job").equals(line.text("job"))) {
        found.add(Violation.of("I6", "one key, two jobs", same, line));
      }
      Line other = byJob.putIfAbsent(line.text("job"), line);
      if (other != null && !other.text("key").equals(line.text("key"))) {
        found.add(Violation.of("I6", "two keys, one job", other, line));
      }
    }
    for (Line line : evidence.history().all(Evidence.CLIENT, "conflict")) {
      if (line.ok()) {
        found.add(Violation.of("I6", "a used key took another body", line));
      }
    }
  }
}
