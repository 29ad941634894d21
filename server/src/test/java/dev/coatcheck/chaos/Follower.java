package dev.coatcheck.chaos;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Follows one job to its end over as many connections as it takes. */
final class Follower {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int CONNECTIONS = 40;
  private static final Duration CONNECTION = Duration.ofSeconds(3);

  private final Api api;
  private final Witness witness;
  private final String stream;
  private final String job;
  private long last;
  private boolean done;

  Follower(Api api, Witness witness, String stream, String job) {
    this.api = api;
    this.witness = witness;
    this.stream = stream;
    this.job = job;
  }

  void follow(BooleanSupplier stopping) throws InterruptedException {
    for (int i = 0; i < CONNECTIONS && !done && !stopping.getAsBoolean(); i++) {
      int http = api.follow(job, last, CONNECTION, this::take);
      if (http == 204 || http / 100 == 4) {
        long after = last;
        witness.say(
            "stream",
            line -> line.put("s", stream).put("job", job).put("after", after).put("http", http));
        return;
      }
      Thread.sleep(30);
    }
  }

  private void take(String line) {
    if (!line.startsWith("data: ")) {
      return;
    }
    JsonNode event = JSON.readTree(line.substring(6));
    JsonNode id = event.path("id");
    if (id.isMissingNode()) {
      return;
    }
    String type = event.path("type").asString();
    witness.say(
        "event",
        out -> out.put("s", stream).put("job", job).put("id", id.asLong()).put("type", type));
    last = id.asLong();
    done = type.equals("done");
  }
}
