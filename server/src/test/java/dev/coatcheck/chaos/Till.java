package dev.coatcheck.chaos;

import dev.coatcheck.chaos.Api.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One client that hands in one job after another, remembers which got no answer, and asks again.
 */
final class Till {

  private final Api api;
  private final Witness witness;
  private final List<Demand> unanswered = new ArrayList<>();
  private int numbers;

  private record Demand(String key, String input) {}

  Till(Api api, Witness witness) {
    this.api = api;
    this.witness = witness;
  }

  /** Hands in a new job with so many bytes; the status of the answer. */
  int submit(int bytes) throws InterruptedException {
    return submit(new Demand("key-" + ++numbers, "{\"output\":\"" + "x".repeat(bytes) + "\"}"));
  }

  /** Hands in a new job that takes so long; the status of the answer. */
  int submitSlow(Duration work) throws InterruptedException {
    return submit(new Demand("key-" + ++numbers, "{\"duration_ms\":" + work.toMillis() + "}"));
  }

  private int submit(Demand demand) throws InterruptedException {
    String body = "{\"worker\":\"simulate\",\"max_attempts\":50,\"input\":" + demand.input() + "}";
    Answer answer = api.submit(witness, demand.key(), body);
    if (!answer.ok()) {
      unanswered.add(demand);
    }
    return answer.http();
  }

  /** Whether the server says that jobs can be handed in. */
  boolean ready() throws InterruptedException {
    return api.get("/health/ready").by(witness, "ready", line -> {}).ok();
  }

  /** Hands in once more what was refused or not answered. */
  void ask() throws InterruptedException {
    List<Demand> open = List.copyOf(unanswered);
    unanswered.clear();
    for (Demand demand : open) {
      submit(demand);
    }
  }
}
