package dev.coatcheck.chaos;

import dev.coatcheck.chaos.History.Line;
import dev.coatcheck.event.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * I8: a job moves as the life of jobs allows, its events rise, and it ends once. I9: its attempts
 * are counted, each ends once, and there are no more than allowed.
 */
final class Course implements Invariant {

  private static final String QUEUED = "queued";
  private static final String RUNNING = "running";
  private static final Set<String> FINAL = Set.of("succeeded", "failed", "timed_out", "canceled");
  private static final Map<String, Set<String>> NEXT =
      Map.of(
          "",
          Set.of(QUEUED),
          QUEUED,
          Set.of(QUEUED, RUNNING, "timed_out", "canceled", "failed"),
          RUNNING,
          Set.of(QUEUED, RUNNING, "succeeded", "failed", "timed_out", "canceled"));

  @Override
  public List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    for (Line dump : evidence.dump().values()) {
      checkEvents(dump, found);
      checkAttempts(evidence, dump, found);
    }
    return found;
  }

  private static void checkEvents(Line dump, List<Violation> found) {
    String job = dump.text("job");
    String status = "";
    long last = 0;
    int ends = 0;
    for (JsonNode event : dump.data().path("events")) {
      long id = event.path("id").asLong();
      if (id <= last) {
        found.add(Violation.of("I8", job + " has event " + id + " after " + last, dump));
      }
      if (ends > 0) {
        found.add(Violation.of("I8", job + " has an event after its end", dump));
      }
      last = id;
      String type = event.path("type").asString();
      if (type.equals("status")) {
        String next = event.path("status").asString();
        if (!NEXT.getOrDefault(status, Set.of()).contains(next)) {
          found.add(Violation.of("I8", job + " moved from " + status + " to " + next, dump));
        }
        status = next;
      } else if (type.equals("done")) {
        ends++;
        status = event.path("status").asString();
      }
    }
    JsonNode state = dump.data().path("state");
    boolean done = FINAL.contains(Evidence.status(state));
    if (ends != (done ? 1 : 0)) {
      found.add(Violation.of("I8", job + " ended " + ends + " times", dump));
    } else if (done && !status.equals(Evidence.status(state))) {
      found.add(Violation.of("I8", job + " ended otherwise than it tells", dump));
    }
  }

  private static void checkAttempts(Evidence evidence, Line dump, List<Violation> found) {
    String job = dump.text("job");
    JsonNode state = dump.data().path("state");
    int counted = 0;
    int last = 0;
    for (JsonNode attempt : dump.data().path("attempts")) {
      int number = attempt.path("number").asInt();
      String status = attempt.path("status").asString();
      if (number < last || number > last + 1) {
        found.add(Violation.of("I9", job + " counts attempts out of order", dump));
      }
      counted = Math.max(counted, number);
      last = number;
      if (state.path("done").asBoolean()
          && (status.equals(RUNNING) || attempt.path("finished_at").isNull())) {
        found.add(Violation.of("I9", job + " is done and an attempt has not ended", dump));
      }
    }
    for (JsonNode event : dump.data().path("events")) {
      if (event.path("type").asString("").equals("error")
          && event.path("error").path("code").asString("").equals("runner_lost")) {
        checkLost(evidence, job, EventId.fence(event.path("id").asLong()), dump, found);
      }
    }
    if (counted > state.path("max_attempts").asInt()) {
      found.add(Violation.of("I9", job + " had more attempts than allowed", dump));
    }
    if (counted > state.path("attempt").asInt()) {
      found.add(Violation.of("I9", job + " tells another number of attempts", dump));
    }
  }

  /**
   * A runner that had an answer to every heartbeat in time has not lost its lease, however often
   * the server went down meanwhile.
   */
  private static void checkLost(
      Evidence evidence, String job, long fence, Line dump, List<Violation> found) {
    long lease = TimeUnit.MILLISECONDS.toNanos(evidence.leaseMillis());
    Line before = null;
    for (Line line : evidence.held(job, fence)) {
      if (before != null && line.t() - before.t0() >= lease) {
        return;
      }
      if (!Evidence.accepted(line)) {
        String text = job + " was held by a living runner and counted as lost";
        found.add(Violation.of("I9", text, before == null ? line : before, line, dump));
        return;
      }
      before = line;
    }
  }
}
