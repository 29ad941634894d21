package dev.coatcheck.chaos;

import dev.coatcheck.chaos.Api.Answer;
import dev.coatcheck.chaos.Witness.Ending;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import tools.jackson.databind.JsonNode;

/**
 * A runner that leases jobs over HTTP and lives through every fault. It never forgets what it
 * holds, and asks a paid provider for each attempt, who may call back.
 */
final class OutsideRunner implements AutoCloseable {

  private static final int HEARTBEAT_MS = 1_000;

  private final Api api;
  private final Witness witness;
  private final Provider provider;
  private final RandomGenerator random;
  private final Map<String, Held> held = new ConcurrentHashMap<>();
  private volatile String id = "";
  private volatile boolean stopping;

  private record Held(String token, String job, long attempt, String input, boolean resumed) {}

  OutsideRunner(Api api, Witness witness, Provider provider, long seed) {
    this.api = api;
    this.witness = witness;
    this.provider = provider;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** Makes its worker known. */
  static boolean define(Api api) throws InterruptedException {
    return api.put(
            "/v1/workers/" + Load.PULL,
            "{\"kind\":\"pull\",\"max_attempts\":50,\"max_lost\":50,\"retry\":{\"base\":\"100ms\",\"max\":\"500ms\"}}")
        .ok();
  }

  void start() {
    Thread.startVirtualThread(() -> loop(this::lease));
    Thread.startVirtualThread(() -> loop(this::heartbeat));
  }

  private interface Step {
    void take() throws InterruptedException;
  }

  private void loop(Step step) {
    try {
      while (!stopping) {
        step.take();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void lease() throws InterruptedException {
    String me = id.isEmpty() ? "null" : "\"" + id + "\"";
    Answer answer =
        api.post(
            "/v1/runners/lease",
            "{\"runner\":%s,\"workers\":[\"%s\"],\"max\":5,\"wait\":\"500ms\"}"
                .formatted(me, Load.PULL));
    if (!answer.ok()) {
      answer.by(witness, "lease", line -> line.put("runner", id));
      Thread.sleep(100);
      return;
    }
    id = answer.text("runner");
    for (JsonNode lease : answer.body().path("leases")) {
      JsonNode job = lease.path("job");
      Held one =
          new Held(
              lease.path("lease_token").asString(),
              job.path("id").asString(),
              lease.path("attempt").asLong(),
              job.path("input").path("key").asString(""),
              !lease.path("resume").isNull() && !lease.path("resume").isMissingNode());
      held.put(one.token(), one);
      answer.by(
          witness,
          "grant",
          line ->
              line.put("job", one.job())
                  .put("token", one.token())
                  .put("attempt", one.attempt())
                  .put("resumed", one.resumed()));
      String callback = lease.path("callback").path("url").asString("");
      int fate = random.nextInt(100);
      int pause = random.nextInt(20) == 0 ? 3_000 : random.nextInt(250);
      Thread.startVirtualThread(() -> work(one, callback, fate, pause));
    }
  }

  private void work(Held one, String callback, int fate, int pause) {
    try {
      boolean callsBack = fate < 15 && !one.resumed() && !callback.isEmpty();
      provider.bill(one.job(), one.attempt(), one.token(), callsBack ? callback : "");
      if (callsBack) {
        verb(
            one,
            "suspend",
            "{\"timeout\":\"1h\",\"state\":{\"key\":\"%s\"}}".formatted(one.input()));
        return;
      }
      Thread.sleep(pause);
      verbOnce(one, "progress", "{\"fraction\":0.5}");
      if (fate < 25) {
        verb(
            one,
            "fail",
            "{\"error\":{\"code\":\"worker_error\",\"message\":\"as told\"},\"retryable\":true,\"retry_after\":\"100ms\"}");
      } else if (fate < 35) {
        verb(one, "release", "{}");
      } else {
        String output =
            "{\"key\":\"%s\",\"token\":%d}".formatted(one.input(), one.token().hashCode());
        verb(one, "complete", "{\"output\":" + output + "}");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says it until there is an answer that tells. */
  private void verb(Held one, String verb, String body) throws InterruptedException {
    while (!stopping && verbOnce(one, verb, body) == Ending.INFO) {
      Thread.sleep(100);
    }
    held.remove(one.token());
  }

  private Ending verbOnce(Held one, String verb, String body) throws InterruptedException {
    Answer answer = api.post("/v1/leases/" + one.token() + "/" + verb, body);
    answer.by(
        witness,
        verb,
        line -> {
          line.put("job", one.job()).put("token", one.token()).put("attempt", one.attempt());
          if (verb.equals("complete")) {
            line.set("output", Json.parse(body).path("output"));
          }
          if (verb.equals("progress") && answer.ok()) {
            line.put("state", answer.text("state"));
          }
        });
    return answer.ending();
  }

  private void heartbeat() throws InterruptedException {
    Thread.sleep(HEARTBEAT_MS);
    if (id.isEmpty() || held.isEmpty()) {
      return;
    }
    StringBuilder leases = new StringBuilder();
    held.keySet().stream()
        .limit(100)
        .forEach(token ->
            leases
                .append(leases.isEmpty() ? "" : ",")
                .append("{\"lease_token\":\"")
                .append(token)
                .append("\"}"));
    Answer answer =
        api.post(
            "/v1/runners/heartbeat", "{\"runner\":\"%s\",\"leases\":[%s]}".formatted(id, leases));
    for (JsonNode each : answer.body().path("leases")) {
      Held one = held.get(each.path("lease_token").asString());
      if (one == null) {
        continue;
      }
      String state = each.path("state").asString();
      answer.by(
          witness,
          "heartbeat",
          line ->
              line.put("job", one.job())
                  .put("token", one.token())
                  .put("attempt", one.attempt())
                  .put("state", state)
                  .put("reason", each.path("reason").asString("")));
      if (state.equals("stop")) {
        held.remove(one.token());
      }
    }
  }

  @Override
  public void close() {
    stopping = true;
  }
}
