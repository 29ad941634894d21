package dev.coatcheck.client.runner;

import dev.coatcheck.client.http.Answer;
import dev.coatcheck.client.http.Patience;
import dev.coatcheck.client.http.Repeater;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/**
 * Tells of finished jobs without lingering: while a call is on the way others gather, and the next
 * call takes them all. One that is alone goes by the verb of its own. What was not answered is told
 * again, which changes nothing twice, for as long as anybody cares.
 */
final class Courier implements Runnable {

  private static final Logger LOG = System.getLogger(Courier.class.getName());

  /** Jobs in one call, as many as the server takes. */
  private static final int MOST = 1_000;

  /** Bytes in one call: half of what a server takes unless told otherwise. */
  private static final int MOST_BYTES = 512 * 1024;

  /** For how long a server that does not know the call is spared it; it may be replaced. */
  private static final long SPARE_NANOS = Duration.ofMinutes(1).toNanos();

  private final Protocol protocol;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Parcel> waiting = new ArrayDeque<>();
  private boolean closed;
  private boolean sparing;
  private long sparedUntilNanos;

  /** What failed in a row, and how many go in one call: fewer after one that was not answered. */
  private int failures;

  private int most = MOST;

  Courier(Protocol protocol) {
    this.protocol = protocol;
  }

  /**
   * Tells that a job is done, and waits for the answer; empty if it must be told by a call of its
   * own.
   *
   * @throws IOException if there was no answer for as long as anybody cared
   */
  Optional<Said> tell(String token, byte[] body, Patience patience)
      throws IOException, InterruptedException {
    Parcel parcel = new Parcel(token, body, patience);
    if (parcel.size() > MOST_BYTES || !accepts(parcel)) {
      return Optional.empty();
    }
    try {
      return parcel.await();
    } finally {
      forget(parcel);
    }
  }

  private boolean accepts(Parcel parcel) {
    lock.lock();
    try {
      boolean spared = sparing && System.nanoTime() - sparedUntilNanos < 0;
      if (closed || spared) {
        return false;
      }
      waiting.addLast(parcel);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Of a thread that was interrupted while it waited. */
  private void forget(Parcel parcel) {
    if (parcel.open()) {
      lock.lock();
      try {
        waiting.remove(parcel);
      } finally {
        lock.unlock();
      }
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    try {
      for (List<Parcel> some = take(); !some.isEmpty(); some = take()) {
        tell(some);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } finally {
      giveUp();
    }
  }

  /** Whatever goes wrong, nobody is left waiting for an answer. */
  private void tell(List<Parcel> some) throws InterruptedException {
    try {
      Optional<Duration> pause = deliver(some);
      if (pause.isPresent()) {
        again(some, pause.get());
      }
    } catch (RuntimeException defect) {
      LOG.log(Level.WARNING, "not told together", defect);
      some.forEach(Parcel::alone);
    } catch (Error fatal) {
      some.forEach(Parcel::alone);
      throw fatal;
    }
  }

  /** What one call can take of all that waits; none when closed. */
  private List<Parcel> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      List<Parcel> some = new ArrayList<>();
      while (!closed) {
        fill(some);
        if (!some.isEmpty()) {
          return some;
        }
        changed.await();
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private void fill(List<Parcel> some) {
    int bytes = 0;
    while (!waiting.isEmpty() && some.size() < most) {
      Parcel next = waiting.getFirst();
      if (next.overdue()) {
        next.untold("given up");
      } else if (bytes + next.size() <= MOST_BYTES) {
        bytes += next.size();
        some.add(next);
      } else {
        return;
      }
      waiting.removeFirst();
    }
  }

  /** Tells once; how long to wait before it is told again, or nothing if it was answered. */
  private Optional<Duration> deliver(List<Parcel> some) throws InterruptedException {
    Duration pause = Repeater.pause(failures);
    try {
      Answer answer =
          some.size() == 1 ? protocol.completeOne(some.get(0)) : protocol.completeMany(some);
      if (answer.passing()) {
        failures++;
        return Optional.of(answer.retryAfter().orElse(pause));
      }
      failures = 0;
      most = Math.min(MOST, 2 * most);
      hear(some, answer);
      return Optional.empty();
    } catch (IOException noAnswer) {
      LOG.log(
          failures == 0 ? Level.WARNING : Level.DEBUG, "not answered: {0}", noAnswer.toString());
      failures++;
      // Something on the way may not let a long call through.
      most = Math.max(1, some.size() / 2);
      return Optional.of(pause);
    }
  }

  private void hear(List<Parcel> some, Answer answer) {
    if (some.size() == 1) {
      some.get(0).answered(Said.of(answer));
      return;
    }
    JsonNode items = answer.ok() ? answer.json().path("data") : null;
    if (items == null || items.size() != some.size()) {
      // Whatever is wrong with the whole, or one of them, is told to each alone.
      LOG.log(Level.DEBUG, "many at once were answered {0}", Integer.toString(answer.status()));
      spare(answer.status());
      some.forEach(Parcel::alone);
      return;
    }
    for (int i = 0; i < some.size(); i++) {
      Said said = Said.of(items.get(i));
      if (said.passing()) {
        some.get(i).alone();
      } else {
        some.get(i).answered(said);
      }
    }
  }

  /** A server that does not know the call has no such path, or takes it for a token. */
  private void spare(int status) {
    if (status == 404 || status == 405) {
      lock.lock();
      try {
        sparing = true;
        sparedUntilNanos = System.nanoTime() + SPARE_NANOS;
        waiting.forEach(Parcel::alone);
        waiting.clear();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Puts them back to the front, and lets others gather for a while. */
  private void again(List<Parcel> some, Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (int i = some.size() - 1; i >= 0; i--) {
        waiting.addFirst(some.get(i));
      }
      long left = pause.toNanos();
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void giveUp() {
    lock.lock();
    try {
      closed = true;
      waiting.forEach(parcel -> parcel.untold("the runner has stopped"));
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }
}
