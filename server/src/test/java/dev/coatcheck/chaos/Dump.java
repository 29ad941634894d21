package dev.coatcheck.chaos;

import dev.coatcheck.chaos.Api.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Writes down every job as the API tells of it, once all is quiet. */
final class Dump {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int CALLERS = 6;

  private final Api api;
  private final Witness witness;

  Dump(Api api, Witness witness) {
    this.api = api;
    this.witness = witness;
  }

  /** Waits until no job is open; false if that does not happen in time. */
  boolean quiet(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < until) {
      if (open() == 0) {
        return true;
      }
      Thread.sleep(200);
    }
    return false;
  }

  private int open() throws InterruptedException {
    int open = 0;
    for (JsonNode worker : api.get("/v1/workers").body().path("data")) {
      JsonNode stats = worker.path("stats");
      for (String state : List.of("queued", "scheduled", "running", "suspended")) {
        open += stats.path(state).asInt();
      }
    }
    return open;
  }

  /** The number of jobs. */
  int write() throws Exception {
    List<String> jobs = ids();
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<Object>> all = new ArrayList<>();
      for (String job : jobs) {
        all.add(
            callers.submit(() -> {
              write(job);
              return job;
            }));
      }
      for (Future<Object> each : all) {
        each.get();
      }
    }
    return jobs.size();
  }

  private List<String> ids() throws InterruptedException {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      JsonNode page = sure("/v1/jobs?limit=200" + cursor);
      page.path("data").forEach(job -> ids.add(job.path("id").asString()));
      JsonNode next = page.path("next_cursor");
      cursor = next.isNull() ? null : "&cursor=" + next.asString();
    }
    return ids;
  }

  private void write(String job) throws InterruptedException {
    JsonNode state = sure("/v1/jobs/" + job);
    JsonNode attempts = sure("/v1/jobs/" + job + "/attempts").path("data");
    ArrayNode events = JSON.createArrayNode();
    long after = 0;
    boolean more = true;
    while (more) {
      JsonNode page = sure("/v1/jobs/" + job + "/events?limit=200&after=" + after);
      page.path("data").forEach(events::add);
      after = page.path("next_after").asLong();
      more = page.path("has_more").asBoolean();
    }
    witness.say(
        "dump",
        line -> {
          line.put("job", job).put("digest", Load.digest(state));
          line.set("state", state);
          line.set("attempts", attempts);
          line.set("events", events);
        });
  }

  private JsonNode sure(String path) throws InterruptedException {
    Answer answer = api.get(path);
    if (!answer.ok()) {
      throw new IllegalStateException(path + " answered " + answer.http() + " " + answer.body());
    }
    return answer.body();
  }
}
