package dev.coatcheck.client.runner;

import dev.coatcheck.client.Usage;
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
  private final Courier courier;
  private final Semaphore permits = new Semaphore(AT_A_TIME);

  Settlement(Protocol protocol, Courier courier) {
    this.protocol = protocol;
    this.courier = courier;
  }

  /** Tells the verdict, or nothing if the attempt was stopped. */
  void settle(Attempt attempt, Verdict verdict) throws InterruptedException {
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
    }
  }

  /** Hands back what nobody waits for any longer; one word, repeated for a short while. */
  void release(Attempt attempt, Duration patience) throws InterruptedException {
    try {
      hear(attempt, Verdict.RELEASE, alone(attempt, Verdict.RELEASE, Patience.of(patience)));
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
    Said said = send(attempt, verdict, patience);
    if (leavesTheLeaseOpen(said)) {
      String code = said.status() == 413 ? "output_too_large" : "worker_error";
      String why = said.status() + " " + said.detail();
      Verdict instead = Verdict.refused(verdict, code, why, attempt.usage().orElse(null));
      send(attempt, instead, patience);
    }
  }

  private Said send(Attempt attempt, Verdict verdict, Patience patience)
      throws IOException, InterruptedException {
    if (verdict.body() instanceof byte[] done) {
      Optional<Said> said = courier.tell(attempt.token(), done, patience);
      if (said.isPresent()) {
        return hear(attempt, verdict, said.get());
      }
    }
    permits.acquire();
    try {
      return hear(attempt, verdict, alone(attempt, verdict, patience));
    } finally {
      permits.release();
    }
  }

  private Said alone(Attempt attempt, Verdict verdict, Patience patience)
      throws IOException, InterruptedException {
    return Said.of(protocol.tell(attempt.token(), verdict.verb(), verdict.body(), true, patience));
  }

  private static Said hear(Attempt attempt, Verdict verdict, Said said) {
    if (!said.ok()) {
      // Of a repeat, lease_lost may also mean that the first was taken.
      LOG.log(
          Level.WARNING,
          "{0}: {1} was answered {2} {3}",
          id(attempt),
          verdict.verb(),
          Integer.toString(said.status()),
          said.code());
    }
    return said;
  }

  /** What was said is no word of the protocol, and saying it again would not help. */
  private static boolean leavesTheLeaseOpen(Said said) {
    return switch (said.status()) {
      case 400, 413, 422 -> !ENDED.contains(said.code());
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
