package dev.coatcheck.server.stream;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.JobId;
import dev.coatcheck.observe.Hub;
import dev.coatcheck.server.jobs.EventJson;
import dev.coatcheck.store.Reader.EventPage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * What the readers of one job's stream share: its newest events, read from the store once for all
 * of them. No reader waits for another: whoever has read everything and finds nobody at it reads on
 * from the store; whoever is slower than the window is long reads by itself.
 */
final class Feed {

  private static final int EVENTS_MAX = 2_000;
  private static final int BYTES_MAX = 1 << 20;

  /** Bytes that a reader is given at once, so that a slow one holds few. */
  private static final int BATCH_MAX = 256 * 1024;

  /**
   * An event for all readers.
   *
   * @param frame its framing; empty if it differs from reader to reader
   */
  record Piece(JobEvent event, byte[] frame) {}

  /** What a reader finds after the last event that it has had. */
  sealed interface Next {

    /** These come next; with none, nothing has come within the time. */
    record Pieces(List<Piece> pieces) implements Next {}

    /**
     * What comes next is no longer here, but in the store.
     *
     * @param floor from which id on it is here
     */
    record Behind(long floor) implements Next {}
  }

  private static final byte[] NO_FRAME = {};
  private static final EventJson.FileMembers NO_FILES = (out, id) -> {};

  private final JobId job;
  private final Hub.Watch watch;
  private final LongFunction<EventPage> store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final Deque<Piece> window = new ArrayDeque<>();
  private int bytes;

  /** Every event with an id above {@code floor} and up to {@code last} is in the window. */
  private long floor = -1;

  private long last = -1;

  /** Whether a reader reads from the store, or waits for a change to do so. */
  private boolean attended;

  /** Whether the last page from the store was not the end of what it had. */
  private boolean more = true;

  /**
   * A feed that begins where its first reader is.
   *
   * @param watch of the job, opened before; only this feed waits on it
   * @param store gives the events after an id
   */
  Feed(JobId job, Hub.Watch watch, LongFunction<EventPage> store) {
    this.job = job;
    this.watch = watch;
    this.store = store;
  }

  /** What comes after the event with this id; waits for it, at most so long. */
  Next after(long id, Duration patience) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      lock.lockInterruptibly();
      try {
        reach(id);
        if (id < floor) {
          return new Next.Behind(floor);
        }
        List<Piece> pieces = newer(id);
        if (!pieces.isEmpty() || until - System.nanoTime() <= 0) {
          return new Next.Pieces(pieces);
        }
        if (attended) {
          grown.awaitNanos(until - System.nanoTime());
          continue;
        }
        attended = true;
      } finally {
        lock.unlock();
      }
      attend(until);
    }
  }

  /**
   * A feed is where its foremost reader is: those behind it read by themselves what lies between.
   */
  private void reach(long id) {
    if (id > last) {
      window.clear();
      bytes = 0;
      floor = id;
      last = id;
      more = true;
    }
  }

  private List<Piece> newer(long id) {
    List<Piece> found = new ArrayList<>();
    Iterator<Piece> newestFirst = window.descendingIterator();
    while (newestFirst.hasNext()) {
      Piece piece = newestFirst.next();
      if (piece.event().id() <= id) {
        break;
      }
      found.add(piece);
    }
    Collections.reverse(found);
    return batch(found);
  }

  private static List<Piece> batch(List<Piece> pieces) {
    int size = 0;
    for (int i = 0; i < pieces.size(); i++) {
      size += pieces.get(i).frame().length;
      if (size > BATCH_MAX) {
        return pieces.subList(0, Math.max(1, i));
      }
    }
    return pieces;
  }

  /** Reads on, for everybody; waits for a change first if the store had nothing more. */
  private void attend(long until) throws InterruptedException {
    try {
      if (!hadMore()) {
        watch.await(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
      }
      long from = lastRead();
      EventPage page = store.apply(from);
      add(from, page.events().stream().map(this::piece).toList(), page.more());
    } finally {
      lock.lock();
      try {
        attended = false;
        grown.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private Piece piece(JobEvent event) {
    boolean shared = !(event instanceof JobEvent.FileMade);
    return new Piece(event, shared ? Frame.of(job, event, NO_FILES) : NO_FRAME);
  }

  private boolean hadMore() {
    lock.lock();
    try {
      return more;
    } finally {
      lock.unlock();
    }
  }

  private long lastRead() {
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  private void add(long from, List<Piece> pieces, boolean moreInStore) {
    lock.lock();
    try {
      // A reader further on may have moved the feed to where it is meanwhile.
      if (last == from) {
        more = moreInStore;
        pieces.forEach(this::add);
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(Piece piece) {
    window.addLast(piece);
    bytes += piece.frame().length;
    last = piece.event().id();
    while (window.size() > EVENTS_MAX || (bytes > BYTES_MAX && window.size() > 1)) {
      Piece oldest = window.removeFirst();
      bytes -= oldest.frame().length;
      floor = oldest.event().id();
    }
  }
}
