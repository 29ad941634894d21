package dev.coatcheck.client.runner;

import dev.coatcheck.client.work.StopReason;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends heartbeats that list every lease held, hears which attempts are to stop, and stops those
 * that nobody has confirmed for a whole lease. Progress and usage ride on heartbeats, which come
 * sooner when there are any.
 */
final class Heart implements Runnable {

  private static final Logger LOG = System.getLogger(Heart.class.getName());

  /** Leases in one call. */
  private static final int MOST = 1_000;

  private static final Duration GAP_OF_NEWS = Duration.ofMillis(250);
  private static final Duration GAP_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration LEAST_TIMEOUT = Duration.ofMillis(200);

  private final Protocol protocol;
  private final Held held;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Pace pace = Pace.UNKNOWN;
  private volatile @Nullable String runner;
  private boolean news;
  private volatile boolean failed;
  private boolean closed;
  private long beatNanos = System.nanoTime();

  Heart(Protocol protocol, Held held) {
    this.protocol = protocol;
    this.held = held;
  }

  /** The server has told its times and how it calls this runner. */
  void follow(LeaseReply reply) {
    locked(() -> {
      Pace next = Pace.of(reply);
      boolean sooner = next.heartbeat().compareTo(pace.heartbeat()) < 0;
      pace = next;
      runner = reply.runner();
      if (sooner) {
        changed.signalAll();
      }
    });
  }

  /** There is something to tell. */
  void news() {
    locked(() -> {
      if (!news) {
        news = true;
        changed.signalAll();
      }
    });
  }

  void close() {
    locked(() -> {
      closed = true;
      changed.signalAll();
    });
  }

  @Override
  public void run() {
    try {
      while (awaitBeat()) {
        List<Attempt> mine = held.all().stream().filter(attempt -> !attempt.lost()).toList();
        for (int from = 0; from < mine.size(); from += MOST) {
          beat(mine.subList(from, Math.min(mine.size(), from + MOST)));
        }
        fence();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitBeat() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanosToBeat();
      while (!closed && left > 0) {
        changed.awaitNanos(left);
        left = nanosToBeat();
      }
      beatNanos = System.nanoTime();
      news = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private long nanosToBeat() {
    Duration gap = pace.heartbeat();
    if (news && gap.compareTo(GAP_OF_NEWS) > 0) {
      gap = GAP_OF_NEWS;
    }
    if (failed && gap.compareTo(GAP_AFTER_FAILURE) > 0) {
      gap = GAP_AFTER_FAILURE;
    }
    return beatNanos + gap.toNanos() - System.nanoTime();
  }

  private void beat(List<Attempt> attempts) throws InterruptedException {
    String name = runner;
    if (name == null) {
      return;
    }
    List<Beat.Pulse> pulses = new ArrayList<>(attempts.size());
    attempts.forEach(attempt -> pulses.add(attempt.pulse()));
    long sent = System.nanoTime();
    try {
      Beat.Reply reply = send(new Beat(name, pulses), timeout(attempts));
      failed = false;
      reply.leases().forEach(state -> hear(state, sent));
    } catch (IOException | Protocol.RefusedException | RuntimeException trouble) {
      LOG.log(failed ? Level.DEBUG : Level.WARNING, "heartbeat failed: {0}", trouble.toString());
      failed = true;
      for (int i = 0; i < pulses.size(); i++) {
        attempts.get(i).untold(pulses.get(i));
      }
    }
  }

  /** What is new is not worth a lease: should it be refused, the leases are listed without it. */
  private Beat.Reply send(Beat beat, Duration timeout)
      throws IOException, InterruptedException, Protocol.RefusedException {
    try {
      return protocol.heartbeat(beat, timeout);
    } catch (Protocol.RefusedException refused) {
      if (refused.answer().status() / 100 != 4) {
        throw refused;
      }
      LOG.log(Level.WARNING, "progress or usage was refused: {0}", refused.getMessage());
      return protocol.heartbeat(beat.bare(), timeout);
    }
  }

  private void hear(Beat.State state, long sentNanos) {
    held.find(state.leaseToken())
        .ifPresent(attempt -> {
          if (state.stop()) {
            attempt.stop(reason(state.reason()));
          } else {
            attempt.heard(sentNanos);
          }
        });
  }

  private void fence() {
    for (Attempt attempt : held.all()) {
      if (attempt.nanosLeft(pace.lease()) <= 0 && attempt.stopping().isEmpty()) {
        LOG.log(Level.WARNING, "{0}: no heartbeat for a whole lease", attempt.lease().job().id());
        attempt.stop(StopReason.LOST);
      }
    }
  }

  /** No longer than until the first lease may be over, so that its handler is stopped in time. */
  private Duration timeout(List<Attempt> attempts) {
    long nanos = pace.heartbeat().toNanos();
    for (Attempt attempt : attempts) {
      nanos = Math.min(nanos, attempt.nanosLeft(pace.lease()));
    }
    Duration timeout = Duration.ofNanos(nanos);
    return timeout.compareTo(LEAST_TIMEOUT) < 0 ? LEAST_TIMEOUT : timeout;
  }

  private static StopReason reason(@Nullable String reason) {
    try {
      return StopReason.valueOf(String.valueOf(reason).toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      return StopReason.LOST;
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }
}
