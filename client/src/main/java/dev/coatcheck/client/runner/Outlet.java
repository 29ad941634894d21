package dev.coatcheck.client.runner;

import dev.coatcheck.client.http.Answer;
import dev.coatcheck.client.http.Patience;
import dev.coatcheck.client.work.StopReason;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries the output stream and the log of one attempt to the server, in order and in batches.
 * Costs nothing until it is used.
 */
final class Outlet {

  private static final Logger LOG = System.getLogger(Outlet.class.getName());
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int ENOUGH = 32;
  private static final int MOST_PER_CALL = 256;
  private static final int MOST_WAITING = 2_048;
  private static final int LONGEST_CHUNK = 64 * 1024;
  private static final int LONGEST_CALL = 4 * LONGEST_CHUNK;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Attempt attempt;
  private final Protocol protocol;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> chunks = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private boolean started;
  private boolean finishing;
  private boolean ended;
  private long sinceNanos;

  /** Chunks of the attempt that the server has taken. */
  private long offset;

  record Line(Instant at, String level, String message) {}

  private record Lines(List<Line> lines) {}

  private record Chunks(long offset, List<String> chunks) {}

  Outlet(Attempt attempt, Protocol protocol, Executor executor) {
    this.attempt = attempt;
    this.protocol = protocol;
    this.executor = executor;
    Long before = attempt.lease().outputOffset();
    this.offset = before == null ? 0 : before;
  }

  void output(String chunk) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (chunks.size() >= MOST_WAITING && !ended) {
        changed.await();
      }
      if (!ended) {
        wake();
        addInPieces(chunk);
      }
    } finally {
      lock.unlock();
    }
  }

  void log(String level, String message) {
    lock.lock();
    try {
      if (!ended && lines.size() < MOST_WAITING) {
        wake();
        lines.add(new Line(Instant.now(), level, message));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all has arrived or been given up; nothing is taken afterwards. */
  void finish() {
    lock.lock();
    try {
      finishing = true;
      changed.signalAll();
      while (started && !ended) {
        changed.awaitUninterruptibly();
      }
      ended = true;
    } finally {
      lock.unlock();
    }
  }

  private void addInPieces(String chunk) {
    int from = 0;
    while (chunk.length() - from > LONGEST_CHUNK) {
      int to = from + LONGEST_CHUNK;
      to -= Character.isHighSurrogate(chunk.charAt(to - 1)) ? 1 : 0;
      chunks.add(chunk.substring(from, to));
      from = to;
    }
    chunks.add(chunk.substring(from));
  }

  private void wake() {
    if (chunks.isEmpty() && lines.isEmpty()) {
      sinceNanos = System.nanoTime();
    }
    if (!started) {
      started = true;
      executor.execute(this::carry);
    }
    changed.signalAll();
  }

  private void carry() {
    try {
      while (awaitBatch()) {
        carryOne();
      }
    } catch (IOException | InterruptedException trouble) {
      LOG.log(Level.WARNING, "output given up: {0}", trouble.toString());
    } finally {
      end();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is enough, or something has waited long enough; false at the end. */
  private boolean awaitBatch() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!finishing && chunks.size() < ENOUGH) {
        boolean empty = chunks.isEmpty() && lines.isEmpty();
        long left = sinceNanos + LINGER_NANOS - System.nanoTime();
        if (empty) {
          changed.await();
        } else if (left > 0) {
          changed.awaitNanos(left);
        } else {
          return true;
        }
      }
      return !(chunks.isEmpty() && lines.isEmpty());
    } finally {
      lock.unlock();
    }
  }

  private void carryOne() throws IOException, InterruptedException {
    List<Line> nowLines;
    List<String> nowChunks;
    lock.lock();
    try {
      nowLines = List.copyOf(lines.subList(0, Math.min(lines.size(), MOST_PER_CALL)));
      nowChunks = batch();
      sinceNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
    if (!nowLines.isEmpty()) {
      // Not repeated once it may have arrived: a line must not stand there twice.
      taken(protocol.tell(attempt.token(), "log", new Lines(nowLines), false, patience()));
      drop(lines, nowLines.size());
    }
    if (!nowChunks.isEmpty()) {
      long next = send(nowChunks);
      drop(chunks, (int) (next - offset));
      offset = next;
    }
  }

  private List<String> batch() {
    int count = 0;
    int length = 0;
    while (count < Math.min(chunks.size(), MOST_PER_CALL) && length < LONGEST_CALL) {
      length += chunks.get(count++).length();
    }
    return List.copyOf(chunks.subList(0, count));
  }

  /** Tells how many chunks the server has now. */
  private long send(List<String> now) throws IOException, InterruptedException {
    Chunks body = new Chunks(offset, now);
    Answer answer = taken(protocol.tell(attempt.token(), "output", body, true, patience()));
    long next = answer.json().path("next_offset").asLong(-1);
    if (next < offset || next > offset + now.size()) {
      throw new IOException("the server counts " + next + " chunks after " + body.offset);
    }
    return next;
  }

  private Answer taken(Answer answer) throws IOException {
    if (answer.code().equals("lease_lost")) {
      attempt.stop(StopReason.LOST);
    }
    if (!answer.ok()) {
      throw new IOException(answer.status() + " " + answer.code());
    }
    return answer;
  }

  private void drop(List<?> from, int count) {
    lock.lock();
    try {
      from.subList(0, count).clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Patience patience() {
    Patience most = Patience.of(PATIENCE);
    return () -> attempt.lost() ? Duration.ZERO : most.left();
  }
}
