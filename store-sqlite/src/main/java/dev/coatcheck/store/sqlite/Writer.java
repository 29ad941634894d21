package dev.coatcheck.store.sqlite;

import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.base.Millis;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The one thread that changes the file. It takes all calls that wait, runs them in one transaction,
 * then answers; while it is busy, further calls gather for the next one.
 */
final class Writer implements AutoCloseable {

  private static final int PRIMARY_CODE = 0xFF;

  private final ConcurrentLinkedQueue<Call<?>> waiting = new ConcurrentLinkedQueue<>();
  private final Session session;
  private final Turn turn;
  private final InstantSource clock;
  private final Thread thread;
  private final AtomicLong transactions = new AtomicLong();
  private volatile boolean parked;
  private volatile boolean closing;
  private volatile boolean ended;

  /** Why nothing is written any more; used by the thread alone. */
  private @Nullable StoreUnavailableException broken;

  Writer(Session session, Turn turn, InstantSource clock) {
    this.session = session;
    this.turn = turn;
    this.clock = clock;
    thread = Thread.ofPlatform().name("coatcheck-sqlite-writer").daemon().unstarted(this::run);
    thread.start();
  }

  /** Runs the work in a transaction and returns when it is durable. */
  <T> T call(Call.Work<T> work) {
    if (closing) {
      throw closed();
    }
    Call<T> call = new Call<>(work);
    waiting.add(call);
    if (parked) {
      LockSupport.unpark(thread);
    }
    if (ended) {
      refuseRest();
    }
    return call.await();
  }

  /** How many transactions were committed. */
  long transactions() {
    return transactions.get();
  }

  /** Whether the caller is the writer itself, which must not wait for itself. */
  void forbidOwnThread() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("a listener must not call the store");
    }
  }

  private void run() {
    List<Call<?>> group = new ArrayList<>();
    while (take(group)) {
      work(group);
      group.clear();
    }
    ended = true;
    refuseRest();
  }

  /** Waits for calls and takes all there are; false when the store closes and none is left. */
  private boolean take(List<Call<?>> group) {
    while (true) {
      Call<?> call;
      while ((call = waiting.poll()) != null) {
        group.add(call);
      }
      if (!group.isEmpty()) {
        return true;
      }
      if (closing) {
        return false;
      }
      parked = true;
      if (waiting.isEmpty() && !closing) {
        LockSupport.park(this);
      }
      parked = false;
    }
  }

  private void work(List<Call<?>> group) {
    if (broken != null) {
      fail(group, broken);
      return;
    }
    try {
      transact(group);
    } catch (SQLException e) {
      undo();
      if (group.size() > 1 && violated(e)) {
        group.forEach(call -> work(List.of(call)));
        return;
      }
      if (untrustworthy(e)) {
        stopWriting(group, e);
      } else {
        fail(group, new StoreUnavailableException("the store failed: " + e.getMessage(), e));
      }
      return;
    } catch (RuntimeException | Error e) {
      undo();
      if (group.size() > 1) {
        group.forEach(call -> work(List.of(call)));
        return;
      }
      fail(group, e instanceof RuntimeException known ? known : new IllegalStateException(e));
      return;
    }
    group.forEach(Call::answer);
    tell(turn::tell);
  }

  private void transact(List<Call<?>> group) throws SQLException {
    session.begin();
    turn.start(Millis.of(clock.instant()));
    for (Call<?> call : group) {
      call.run(turn);
    }
    turn.flush();
    session.commit();
    transactions.incrementAndGet();
    turn.counters().keep();
    turn.workers().keep();
  }

  /** A listener's exception is its own affair. */
  @SuppressWarnings("CatchAndPrintStackTrace")
  private void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      turn.hints().drop();
      System.getLogger(Writer.class.getName())
          .log(System.Logger.Level.ERROR, "a listener of the store failed", e);
    }
  }

  private void undo() {
    try {
      turn.undo();
    } catch (SQLException e) {
      System.getLogger(Writer.class.getName())
          .log(System.Logger.Level.WARNING, "the transaction was not undone", e);
    }
  }

  /**
   * After a sync that failed, the system may take what it could not write for written, so that a
   * later sync that succeeds proves nothing; and a file that is corrupt gets worse with each write.
   */
  private static boolean untrustworthy(SQLException e) {
    return e instanceof SQLiteException sqlite
        && switch (sqlite.getResultCode()) {
          case SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC, SQLITE_CORRUPT, SQLITE_NOTADB -> true;
          default -> false;
        };
  }

  /** Those who wait are answered first: whoever is told may end the process. */
  private void stopWriting(List<Call<?>> group, SQLException cause) {
    StoreUnavailableException ended =
        StoreUnavailableException.untilReopened(
            "nothing is written until a restart: " + cause.getMessage(), cause);
    broken = ended;
    System.getLogger(Writer.class.getName())
        .log(
            System.Logger.Level.ERROR,
            "the disk cannot be trusted; nothing is written until a restart",
            cause);
    fail(group, ended);
    tell(() -> turn.broken(ended));
  }

  /** One call broke a constraint: the others must not suffer for it. */
  private static boolean violated(@Nullable Throwable cause) {
    for (Throwable e = cause; e != null; e = e.getCause()) {
      if (e instanceof SQLiteException sqlite
          && (sqlite.getResultCode().code & PRIMARY_CODE)
              == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
        return true;
      }
    }
    return false;
  }

  private static void fail(List<Call<?>> group, RuntimeException cause) {
    group.forEach(call -> call.fail(cause));
  }

  private void refuseRest() {
    Call<?> call;
    while ((call = waiting.poll()) != null) {
      call.fail(closed());
    }
  }

  static StoreUnavailableException closed() {
    return new StoreUnavailableException("the store is closed", null);
  }

  /** Does what was asked before, then ends the thread. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
