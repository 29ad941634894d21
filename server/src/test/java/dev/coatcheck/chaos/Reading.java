package dev.coatcheck.chaos;

import dev.coatcheck.chaos.History.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * I16: the pieces of a stream, joined by the last id, give every event once. I17: what was
 * acknowledged is found, and nobody sees a job go backwards.
 */
final class Reading implements Invariant {

  @Override
  public List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    evidence
        .history()
        .by("s", Evidence.CLIENT, "event")
        .values()
        .forEach(stream -> checkStream(evidence, stream, found));
    checkFound(evidence, found);
    evidence.reads().values().forEach(reads -> checkForward(reads, found));
    return found;
  }

  private static void checkStream(Evidence evidence, List<Line> stream, List<Violation> found) {
    Line first = stream.getFirst();
    String job = first.text("job");
    Line before = null;
    for (Line line : stream) {
      if (before != null && line.number("id") <= before.number("id")) {
        found.add(Violation.of("I16", job + " told an event again or late", before, line));
        return;
      }
      before = line;
    }
    Line dump = evidence.dump().get(job);
    if (dump == null) {
      return;
    }
    Map<Long, JsonNode> recorded = new HashMap<>();
    dump.data().path("events").forEach(event -> recorded.put(event.path("id").asLong(), event));
    for (Line line : stream) {
      if (recorded.remove(line.number("id")) == null) {
        found.add(Violation.of("I16", job + " told an event that is not recorded", line, dump));
        return;
      }
    }
    boolean whole = before != null && before.text("type").equals("done");
    if (whole && !recorded.isEmpty()) {
      found.add(
          Violation.of("I16", job + " never told the events " + recorded.keySet(), first, dump));
    }
  }

  private static void checkFound(Evidence evidence, List<Violation> found) {
    Map<String, Line> acknowledged = new HashMap<>();
    evidence.submits().stream()
        .filter(Line::ok)
        .forEach(line -> acknowledged.putIfAbsent(line.text("job"), line));
    for (List<Line> reads : evidence.reads().values()) {
      for (Line read : reads) {
        Line submit = acknowledged.get(read.text("job"));
        boolean missing = read.number("http") == 404 || read.number("http") == 410;
        if (missing && submit != null && submit.t() < read.t0()) {
          found.add(Violation.of("I17", "what was acknowledged was not found", submit, read));
        }
      }
    }
  }

  /** A read that began after another had ended must not show less. */
  private static void checkForward(List<Line> reads, List<Violation> found) {
    Line most = null;
    for (Line read : reads) {
      if (!read.ok()) {
        continue;
      }
      if (most != null && most.t() < read.t0() && less(read, most)) {
        found.add(Violation.of("I17", read.text("job") + " went backwards", most, read));
        return;
      }
      if (most == null || less(most, read)) {
        most = read;
      }
    }
  }

  private static boolean less(Line one, Line other) {
    boolean oneDone = one.data().path("done").asBoolean();
    boolean otherDone = other.data().path("done").asBoolean();
    return oneDone == otherDone ? one.number("attempt") < other.number("attempt") : otherDone;
  }
}
