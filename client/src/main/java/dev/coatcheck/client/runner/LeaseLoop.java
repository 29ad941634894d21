package dev.coatcheck.client.runner;

import dev.coatcheck.client.http.Repeater;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks for as many jobs as there are free slots, one call at a time: what becomes free meanwhile is
 * asked for with the next.
 */
final class LeaseLoop implements Runnable {

  private static final Logger LOG = System.getLogger(LeaseLoop.class.getName());
  private static final int MOST = 100;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Protocol protocol;
  private final Identity identity;
  private final Duration longPoll;
  private final Slots slots;
  private final Heart heart;
  private final Execution execution;
  private volatile boolean closed;
  private @Nullable String runner;
  private int failures;

  LeaseLoop(Recipe recipe, Protocol protocol, Slots slots, Heart heart, Execution execution) {
    this.protocol = protocol;
    this.identity = recipe.identity();
    this.longPoll = recipe.longPoll();
    this.slots = slots;
    this.heart = heart;
    this.execution = execution;
  }

  /**
   * Asks for no more. A call that is under way is not cut off, for its answer may hold leases,
   * which would be lost for as long as a lease lasts; they are handed back.
   */
  void close() {
    closed = true;
    slots.close();
  }

  @Override
  public void run() {
    try {
      for (int free = slots.awaitFree(); free > 0; free = slots.awaitFree()) {
        ask(Math.min(free, MOST));
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(int max) throws InterruptedException {
    try {
      LeaseReply reply = protocol.lease(identity, runner, max, longPoll);
      failures = 0;
      runner = reply.runner();
      heart.follow(reply);
      reply.leases().forEach(this::take);
    } catch (IOException trouble) {
      pause(trouble.toString(), Optional.empty());
    } catch (Protocol.RefusedException refused) {
      if (refused.answer().code().startsWith("runner_")) {
        runner = null;
      }
      pause(String.valueOf(refused.getMessage()), refused.answer().retryAfter());
    }
  }

  private void take(Lease lease) {
    Attempt attempt = new Attempt(lease);
    if (closed) {
      execution.handBack(attempt);
    } else {
      slots.take();
      execution.start(attempt);
    }
  }

  /** Whatever is wrong may be put right while this runner waits, even a worker's definition. */
  private void pause(String why, Optional<Duration> asked) throws InterruptedException {
    LOG.log(failures == 0 ? Level.WARNING : Level.DEBUG, "no leases: {0}", why);
    Duration pause = asked.orElse(Repeater.pause(failures++));
    slots.pause(Math.min(pause.toMillis(), LONGEST_PAUSE.toMillis()));
  }
}
