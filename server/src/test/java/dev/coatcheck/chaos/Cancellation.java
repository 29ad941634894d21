package dev.coatcheck.chaos;

import dev.coatcheck.chaos.History.Line;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** I3: what was answered {@code canceled} does not start afterwards, and nothing of it appears. */
final class Cancellation implements Invariant {

  private static final String CANCELED = "canceled";

  @Override
  public List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    for (Line cancel : evidence.history().all(Evidence.CLIENT, "cancel")) {
      if (cancel.ok()) {
        check(evidence, cancel, found);
      }
    }
    return found;
  }

  private static void check(Evidence evidence, Line cancel, List<Violation> found) {
    String job = cancel.text("job");
    JsonNode state = evidence.state(job);
    if (state == null) {
      return;
    }
    Line dump = evidence.told(job);
    if (!Evidence.status(state).equals(cancel.text("status"))) {
      String text = job + " was answered " + cancel.text("status") + " to a cancel, and is not";
      found.add(Violation.of("I3", text, cancel, dump));
    }
    if (!cancel.text("status").equals(CANCELED)) {
      return;
    }
    if (!state.path("output").isNull() && !state.path("output").isMissingNode()) {
      found.add(Violation.of("I3", job + " was canceled and has an output", cancel, dump));
    }
    for (Line grant : evidence.grants(job)) {
      if (grant.t0() > cancel.t()) {
        found.add(Violation.of("I3", job + " was canceled and lent afterwards", cancel, grant));
      }
    }
    for (Line verb : evidence.verbs(job)) {
      if (verb.t0() > cancel.t() && Evidence.accepted(verb)) {
        found.add(Violation.of("I3", job + " was canceled and its runner heard", cancel, verb));
      }
    }
  }
}
