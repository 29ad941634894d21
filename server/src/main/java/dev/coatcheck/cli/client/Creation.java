package dev.coatcheck.cli.client;

import dev.coatcheck.cli.exit.CliException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A request that makes something, sent again under the same idempotency key when it is not known
 * whether it arrived: it can never make two.
 */
public final class Creation {

  private static final int RETRIES = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final Api api;
  private final Consumer<String> note;

  /** The notes tell a person why it takes longer. */
  public Creation(Api api, Consumer<String> note) {
    this.api = api;
    this.note = note;
  }

  public static String newKey() {
    return "cli-" + UUID.randomUUID();
  }

  public Answer post(String path, Content body, String idempotencyKey) {
    Map<String, String> headers = Map.of("Idempotency-Key", idempotencyKey);
    boolean sent = false;
    for (int retry = 0; ; retry++) {
      Duration pause;
      try {
        Answer answer = api.tryPost(path, body, headers);
        Optional<Duration> wait = busy(answer);
        if (wait.isEmpty() || retry == RETRIES) {
          return answer.orRefused();
        }
        pause = wait.get();
        note.accept("The server cannot take it now; trying again in " + pause.toSeconds() + " s.");
      } catch (ConnectionException e) {
        if (retry == RETRIES || (e.unsent() && !sent)) {
          throw e.asFailure();
        }
        sent = true;
        pause = FIRST_PAUSE.multipliedBy(1L << retry);
        note.accept(e.getMessage() + "; trying again under the same idempotency key.");
      }
      sleep(pause);
    }
  }

  private static Optional<Duration> busy(Answer answer) {
    return answer.status() == 503
        ? answer.retryAfter().filter(wait -> wait.compareTo(LONGEST_WAIT) <= 0)
        : Optional.empty();
  }

  static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.unreachable("Interrupted");
    }
  }
}
