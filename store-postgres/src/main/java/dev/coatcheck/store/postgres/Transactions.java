package dev.coatcheck.store.postgres;

import dev.coatcheck.store.Signals;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.base.Hints;
import dev.coatcheck.store.base.News;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs changes, each as one durable transaction. */
final class Transactions {

  /** A change. */
  interface Change<T> {
    T make(Turn turn) throws SQLException;
  }

  /** How often a transaction is tried that others stood in the way of. */
  private static final int TRIES = 10;

  private static final String DEADLOCK = "40P01";
  private static final String SERIALIZATION = "40001";

  private final Pool pool;
  private final StoreClock clock;
  private final Turn.Fixed fixed;
  private final Hints hints;
  private final Holdings holdings = new Holdings();
  private final Counters.Housekeeping housekeeping = new Counters.Housekeeping();
  private volatile Workers workers = new Workers(-1, java.util.Map.of());
  private volatile boolean closed;

  Transactions(Pool pool, StoreClock clock, Turn.Fixed fixed, Hints hints) {
    this.pool = pool;
    this.clock = clock;
    this.fixed = fixed;
    this.hints = hints;
  }

  /** Thrown by a change that must be made from its beginning, for others stood in its way. */
  static SQLException again(String why) {
    return new SQLException(why, SERIALIZATION);
  }

  <T> T change(Change<T> change) {
    for (int tries = 1; ; tries++) {
      requireOpen();
      try {
        return once(change);
      } catch (SQLException e) {
        boolean again = DEADLOCK.equals(e.getSQLState()) || SERIALIZATION.equals(e.getSQLState());
        if (!again || tries == TRIES) {
          throw closed ? closed() : Pool.unavailable(e);
        }
      }
    }
  }

  /**
   * Makes a change in a transaction that somebody else began and ends. Nothing of it is told before
   * {@link Made#turn} is known to be committed. Counters are not added up, which would hold up
   * others for as long as that transaction lasts.
   */
  <T> Made<T> within(Connection connection, Change<T> change) throws SQLException {
    requireOpen();
    Session session = new Session(connection);
    StoreClock.Opening opening = clock.opening(session);
    Turn turn =
        new Turn(
            session,
            fixed,
            opening.now(),
            workers(session, opening),
            new News(hints),
            new Holdings());
    try {
      T result = change.make(turn);
      turn.finish();
      turn.counters().flush(new Counters.Housekeeping());
      return new Made<>(result, turn);
    } finally {
      turn.over();
    }
  }

  private <T> T once(Change<T> change) throws SQLException {
    List<UUID> empty = holdings.takeEmpty();
    boolean done = false;
    try (Connection connection = pool.connection()) {
      Made<T> made = make(connection, change, empty);
      done = true;
      return told(made);
    } finally {
      if (!done) {
        holdings.giveBack(empty);
      }
    }
  }

  /** A change, and what it has to tell once it is durable. */
  record Made<T>(T result, Turn turn) {}

  private <T> Made<T> make(Connection connection, Change<T> change, List<UUID> empty)
      throws SQLException {
    boolean done = false;
    @Nullable Turn turn = null;
    try {
      Session session = new Session(connection);
      StoreClock.Opening opening = clock.opening(session);
      Workers known = workers(session, opening);
      turn = new Turn(session, fixed, opening.now(), known, new News(hints), holdings);
      if (!empty.isEmpty()) {
        turn.bind(Sql.DELETE_LEASES).array("uuid", empty.toArray()).update();
      }
      T result = change.make(turn);
      turn.finish();
      turn.counters().flush(housekeeping);
      Commit.durably(connection);
      done = true;
      return new Made<>(result, turn);
    } finally {
      if (!done) {
        rollback(connection);
      }
      if (turn != null) {
        turn.over();
      }
    }
  }

  <T> T told(Made<T> made) {
    Workers now = made.turn().workers();
    boolean changed = workers.change() >= 0 && workers.change() < now.change();
    workers = now;
    made.turn().committed();
    tell(made.turn().news());
    if (changed) {
      // Another node has said something of workers, or this one has.
      hints.pass(null, Signals.Listener::workersChanged);
    }
    return made.result();
  }

  /** What went wrong before is what counts. */
  private static void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      System.getLogger(Transactions.class.getName())
          .log(System.Logger.Level.DEBUG, "nothing to roll back", e);
    }
  }

  private Workers workers(Session session, StoreClock.Opening opening) throws SQLException {
    Workers known = workers;
    return known.change() == opening.workersChange()
        ? known
        : Workers.load(session, opening.workersChange());
  }

  /** A listener's exception is its own affair. */
  @SuppressWarnings("CatchAndPrintStackTrace")
  private void tell(News news) {
    try {
      hints.give(news);
    } catch (RuntimeException e) {
      System.getLogger(Transactions.class.getName())
          .log(System.Logger.Level.ERROR, "a listener of the store failed", e);
    }
  }

  void requireOpen() {
    if (closed) {
      throw closed();
    }
  }

  static StoreUnavailableException closed() {
    return new StoreUnavailableException("the store is closed", null);
  }

  void close() {
    closed = true;
  }
}
