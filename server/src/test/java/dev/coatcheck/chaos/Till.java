package dev.coatcheck.chaos;

import dev.coatcheck.chaos.Api.Answer;
import java.util.ArrayList;
import java.util.List;

/**
 * One client that hands in one job after another, remembers which got no answer, and asks again.
 */
final class Till {

  private final Api api;
  private final Witness witness;
  private final List<String> unanswered = new ArrayList<>();
  private int numbers;

  Till(Api api, Witness witness) {
    this.api = api;
    this.witness = witness;
  }

  /** Hands in a new job with so many bytes; the status of the answer. */
  int submit(int bytes) throws InterruptedException {
    return submit("key-" + ++numbers + "-" + bytes);
  }

  private int submit(String key) throws InterruptedException {
    int bytes = Integer.parseInt(key.substring(key.lastIndexOf('-') + 1));
    String body =
        "{\"worker\":\"simulate\",\"max_attempts\":50,\"input\":{\"output\":\"%s\"}}"
            .formatted("x".repeat(bytes));
    Answer answer = api.submit(witness, key, body);
    if (!answer.ok()) {
      unanswered.add(key);
    }
    return answer.http();
  }

  /** Whether the server says that jobs can be handed in. */
  boolean ready() throws InterruptedException {
    return api.get("/health/ready").by(witness, "ready", line -> {}).ok();
  }

  /** Hands in once more what was refused or not answered. */
  void ask() throws InterruptedException {
    for (String key : List.copyOf(unanswered)) {
      submit(key);
    }
  }
}
