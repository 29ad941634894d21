package dev.coatcheck.client.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends a call again when nobody answered or the server refused it for now, and never where that
 * could do something twice. Pauses are what {@code Retry-After} says, else exponential with full
 * jitter.
 */
public final class Repeater {

  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 5_000;
  private static final int DOUBLINGS = 10;

  private final Link link;

  public Repeater(Link link) {
    this.link = link;
  }

  /**
   * Sends until there is an answer that stands, or patience ends.
   *
   * @throws IOException if there was no answer: whether the last request arrived is then not known,
   *     unless it is a {@link ConnectException}
   */
  public Answer send(Call call, Patience patience) throws IOException, InterruptedException {
    for (int tries = 0; ; tries++) {
      Duration pause = pause(tries);
      try {
        Answer answer = link.send(call);
        if (!answer.refusedForNow() && !(call.repeatable() && answer.inDoubt())) {
          return answer;
        }
        pause = answer.retryAfter().orElse(pause);
        if (pause.compareTo(patience.left()) >= 0) {
          return answer;
        }
      } catch (IOException trouble) {
        boolean again = call.repeatable() || unsent(trouble);
        if (!again || pause.compareTo(patience.left()) >= 0) {
          throw trouble;
        }
      }
      Thread.sleep(pause.toMillis());
    }
  }

  /** How long to wait after so many failures: random, so that many clients do not come at once. */
  public static Duration pause(int failures) {
    long most = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures, DOUBLINGS));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 10, most + 1));
  }

  private static boolean unsent(IOException trouble) {
    return trouble instanceof ConnectException || trouble instanceof HttpConnectTimeoutException;
  }
}
