package dev.coatcheck.store.sqlite;

import dev.coatcheck.store.StoreUnavailableException;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One caller's piece of a transaction, and where the caller waits for it. */
final class Call<T> {

  /** What is done within the transaction. */
  interface Work<T> {
    T run(Turn turn) throws SQLException;
  }

  private final Work<T> work;
  private final Thread caller = Thread.currentThread();
  private @Nullable T result;
  private @Nullable RuntimeException failure;
  private volatile boolean done;

  Call(Work<T> work) {
    this.work = work;
  }

  /** Runs within the transaction; the answer is held back until {@link #answer}. */
  void run(Turn turn) throws SQLException {
    result = work.run(turn);
  }

  /** The transaction is durable. */
  void answer() {
    done = true;
    LockSupport.unpark(caller);
  }

  void fail(RuntimeException cause) {
    failure = cause;
    answer();
  }

  /** Waits, interrupted or not: what was asked may have been done, and the caller must learn it. */
  T await() {
    boolean interrupted = false;
    while (!done) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw thrownHere(failure);
    }
    T answer = result;
    if (answer == null) {
      throw new IllegalStateException("the call gave no answer");
    }
    return answer;
  }

  /** One failure may go to many callers: each gets its own, with its own stack. */
  private static RuntimeException thrownHere(RuntimeException failure) {
    return failure instanceof StoreUnavailableException unavailable
        ? unavailable.again()
        : new IllegalStateException("the store failed", failure);
  }
}
