package dev.coatcheck.chaos;

import dev.coatcheck.chaos.History.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * I2: one recorded outcome, that of whoever held the job last, and what was once read of it never
 * changes.
 */
final class Fencing implements Invariant {

  private static final String COMPLETE = "complete";
  private static final Set<String> ENDINGS = Set.of(COMPLETE, "fail", "release", "suspend");

  @Override
  public List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    evidence
        .dump()
        .forEach((job, line) -> {
          checkWinner(evidence, job, line, found);
          checkStale(evidence, job, found);
          checkReads(evidence, job, line, found);
        });
    return found;
  }

  private static void checkWinner(Evidence evidence, String job, Line dump, List<Violation> found) {
    JsonNode state = dump.data().path("state");
    boolean succeeded = Evidence.status(state).equals("succeeded");
    List<Line> completes =
        evidence.verbs(job).stream().filter(line -> line.what().equals(COMPLETE)).toList();
    for (Line line : completes) {
      if (!line.ok()) {
        continue;
      }
      if (!succeeded || !state.path("output").equals(line.data().path("output"))) {
        found.add(
            Violation.of("I2", job + " was completed, and something else is recorded", line, dump));
      }
    }
    if (succeeded && !evidence.grants(job).isEmpty()) {
      boolean said =
          completes.stream()
              .anyMatch(line ->
                  !line.ending().equals("fail")
                      && line.data().path("output").equals(state.path("output")));
      if (!said) {
        found.add(Violation.of("I2", job + " has an output that no runner gave", dump));
      }
    }
  }

  /** Whoever was followed by another holder is not heard any more. */
  private static void checkStale(Evidence evidence, String job, List<Violation> found) {
    List<Line> grants = evidence.grants(job);
    for (Line verb : evidence.verbs(job)) {
      if (!Evidence.accepted(verb)) {
        continue;
      }
      for (Line mine : grants) {
        if (!mine.text("token").equals(verb.text("token"))) {
          continue;
        }
        grants.stream()
            .filter(next -> mine.t() < next.t0() && next.t() < verb.t0())
            .filter(next -> !next.text("token").equals(verb.text("token")))
            .findFirst()
            .ifPresent(next ->
                found.add(
                    Violation.of(
                        "I2",
                        job + " was lent again, and the old holder was heard",
                        mine,
                        next,
                        verb)));
        checkEnded(evidence, job, verb, found);
      }
    }
  }

  /** Whoever has ended its lease holds nothing: only the very same end may be said again. */
  private static void checkEnded(Evidence evidence, String job, Line verb, List<Violation> found) {
    for (Line end : evidence.verbs(job)) {
      boolean later = end.ok() && ENDINGS.contains(end.what()) && end.t() < verb.t0();
      boolean again = end.what().equals(verb.what()) && verb.what().equals(COMPLETE);
      if (later && end.text("token").equals(verb.text("token")) && !again) {
        found.add(Violation.of("I2", job + " was given up, and its holder was heard", end, verb));
      }
    }
  }

  private static void checkReads(Evidence evidence, String job, Line dump, List<Violation> found) {
    JsonNode state = dump.data().path("state");
    for (Line read : evidence.reads(job)) {
      if (!read.ok() || !read.data().path("done").asBoolean()) {
        continue;
      }
      boolean same =
          read.text("status").equals(Evidence.status(state))
              && read.text("digest").equals(dump.text("digest"));
      if (!same) {
        found.add(Violation.of("I2", job + " was done and has changed since", read, dump));
        return;
      }
    }
  }
}
