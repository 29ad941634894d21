package dev.coatcheck.chaos;

import dev.coatcheck.chaos.Api.Answer;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** A paid service: it writes down what it bills, and calls back when it was asked to. */
final class Provider {

  private static final int TRIES = 600;

  private final Api api;
  private final Witness witness;
  private final AtomicInteger owed = new AtomicInteger();

  Provider(Api api, Witness witness) {
    this.api = api;
    this.witness = witness;
  }

  /**
   * Does what is paid for.
   *
   * @param callback whom to tell when it is done; empty for nobody
   */
  void bill(String job, long attempt, String token, String callback) {
    witness.say("bill", line -> line.put("job", job).put("attempt", attempt).put("token", token));
    if (!callback.isEmpty()) {
      owed.incrementAndGet();
      Thread.startVirtualThread(() -> callBack(job, URI.create(callback).getPath()));
    }
  }

  /** Calls back until somebody says that it was heard. */
  private void callBack(String job, String path) {
    try {
      Answer answer = null;
      for (int i = 0;
          i < TRIES && (answer == null || answer.http() == 0 || answer.http() >= 500);
          i++) {
        Thread.sleep(150);
        answer = api.post(path, "{\"for\":\"" + job + "\"}");
        Answer told = answer;
        told.by(
            witness, "callback", line -> line.put("job", job).put("effect", told.text("effect")));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      owed.decrementAndGet();
    }
  }

  /** Callbacks that have not come through yet. */
  int owed() {
    return owed.get();
  }
}
