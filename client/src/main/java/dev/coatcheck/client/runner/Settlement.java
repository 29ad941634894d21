package dev.coatcheck.client.runner;

import dev.coatcheck.client.Usage;
import dev.coatcheck.client.http.Answer;
import dev.coatcheck.client.http.Patience;
import dev.coatcheck.client.work.StopReason;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Tells the server how attempts ended, until it has answered or has given the lease to somebody
 * else. The server judges by its fence, so a result that was finished in time is offered for longer
 * than the lease lasts: it may have been extended by a restart.
 */
final class Settlement {

  private static final Logger LOG = System.getLogger(Settlement.class.getName());

  /** More calls at a time would only be more connections. */
  private static final int AT_A_TIME = 48;

  /** Refusals of an output that end the attempt as well. */
  private static final Set<String> ENDED = Set.of("output_invalid", "output_too_large");

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration USAGE_PATIENCE = Duration.ofSeconds(60);

  private final Protocol protocol;
  private final Semaphore permits = new Semaphore(AT_A_TIME);

  Settlement(Protocol protocol) {
    this.protocol = protocol;
  }

  /** Tells the verdict, or nothing if the attempt was stopped. */
  void settle(Attempt attempt, Verdict verdict) throws InterruptedException {
    permits.acquire();
    try {
      Optional<StopReason> stopped = attempt.stopping();
      if (stopped.isEmpty()) {
        tell(attempt, verdict);
      } else if (stopped.get() == StopReason.SHUTDOWN) {
        tell(attempt, verdict.meant() ? verdict : Verdict.RELEASE);
      } else {
        LOG.log(Level.INFO, "{0}: stopped, {1}", id(attempt), stopped.get());
        tellLateUsage(attempt);
      }
    } catch (IOException trouble) {
      LOG.log(Level.WARNING, "{0}: {1} not told: {2}", id(attempt), verdict.verb(), trouble);
    } finally {
      permits.release();
    }
  }

  /** Hands back what nobody waits for any longer; one word, repeated for a short while. */
  void release(Attempt attempt, Duration patience) throws InterruptedException {
    try {
      send(attempt, Verdict.RELEASE, Patience.of(patience));
    } catch (IOException trouble) {
      LOG.log(Level.WARNING, "{0}: not handed back: {1}", id(attempt), trouble);
    }
  }

  private void tell(Attempt attempt, Verdict verdict) throws IOException, InterruptedException {
    Patience patience = patience(attempt, PATIENCE);
    Optional<Usage> untold = attempt.untoldUsage();
    if (untold.isPresent() && !verdict.tellsUsage()) {
      tellUsage(attempt, untold.get(), patience);
    }
    Answer answer = send(attempt, verdict, patience);
    if (leavesTheLeaseOpen(answer)) {
      String code = answer.status() == 413 ? "output_too_large" : "worker_error";
      String why = answer.status() + " " + answer.json().path("detail").asString("");
      Verdict instead = Verdict.refused(verdict, code, why, attempt.usage().orElse(null));
      send(attempt, instead, patience);
    }
  }

  private Answer send(Attempt attempt, Verdict verdict, Patience patience)
      throws IOException, InterruptedException {
    Answer answer = protocol.tell(attempt.token(), verdict.verb(), verdict.body(), true, patience);
    if (!answer.ok()) {
      // Of a repeat, lease_lost may also mean that the first was taken.
      LOG.log(
          Level.WARNING,
          "{0}: {1} was answered {2} {3}",
          id(attempt),
          verdict.verb(),
          Integer.toString(answer.status()),
          answer.code());
    }
    return answer;
  }

  /** What was said is no word of the protocol, and saying it again would not help. */
  private static boolean leavesTheLeaseOpen(Answer answer) {
    return switch (answer.status()) {
      case 400, 413, 422 -> !ENDED.contains(answer.code());
      default -> false;
    };
  }

  private void tellLateUsage(Attempt attempt) throws IOException, InterruptedException {
    Optional<Usage> usage = attempt.untoldUsage();
    if (usage.isPresent()) {
      tellUsage(attempt, usage.get(), Patience.of(USAGE_PATIENCE));
    }
  }

  private void tellUsage(Attempt attempt, Usage usage, Patience patience)
      throws IOException, InterruptedException {
    protocol.tell(attempt.token(), "usage", Map.of("usage", usage), true, patience);
  }

  private static Patience patience(Attempt attempt, Duration most) {
    Patience left = Patience.of(most);
    return () -> attempt.lost() ? Duration.ZERO : left.left();
  }

  private static String id(Attempt attempt) {
    return attempt.lease().job().id();
  }
}
