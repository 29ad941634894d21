package dev.coatcheck.chaos;

import dev.coatcheck.chaos.History.Line;
import dev.coatcheck.event.EventId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * I14: what the provider billed belongs to a grant that the store has on record, each grant pays
 * once, and none that came after the end of its job, by a cancel or otherwise. The provider says
 * under which token it was called; which fences were granted is told by the events of the job.
 */
final class Billing implements Invariant {

  @Override
  public List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    Map<String, Line> paid = new HashMap<>();
    Map<String, Set<Long>> attempts = new HashMap<>();
    for (Line bill : evidence.history().all(Evidence.PROVIDER, "bill")) {
      String job = bill.text("job");
      Line before = paid.putIfAbsent(bill.text("token"), bill);
      if (before != null) {
        found.add(Violation.of("I14", job + " was paid for twice by one grant", before, bill));
      }
      JsonNode state = evidence.state(job);
      if (state == null) {
        continue;
      }
      checkGrant(evidence.told(job), bill, found);
      Set<Long> billed = attempts.computeIfAbsent(job, j -> new HashSet<>());
      billed.add(bill.number("attempt"));
      if (billed.size() > state.path("max_attempts").asLong()) {
        String text = job + " was paid for in more attempts than it may have";
        found.add(Violation.of("I14", text, bill, evidence.told(job)));
      }
    }
    return found;
  }

  private static void checkGrant(Line dump, Line bill, List<Violation> found) {
    String job = bill.text("job");
    long fence = Evidence.fence(bill);
    boolean granted = false;
    for (JsonNode event : dump.data().path("events")) {
      long id = event.path("id").asLong();
      granted |= id == EventId.ofStatus(fence) && Evidence.status(event).equals("running");
      if (event.path("type").asString("").equals("done") && EventId.fence(id) <= fence) {
        found.add(Violation.of("I14", job + " was paid for after its end", bill, dump));
        return;
      }
    }
    if (!granted) {
      found.add(Violation.of("I14", job + " was paid for and never granted", bill, dump));
    }
  }
}
