package dev.coatcheck.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.awaitility.Awaitility;

/**
 * Holds the next transaction that counts jobs back at its very end, inside the database, until the
 * gate is opened or closed. Transactions after it pass.
 */
final class Gate implements AutoCloseable {

  /** Where a transaction is held. */
  enum Place {
    /** In its last statement; whoever sent it has not sent the commit yet. */
    LAST_STATEMENT(""),

    /** In the commit, before it is durable. */
    COMMIT("DEFERRABLE INITIALLY DEFERRED ");

    private final String when;

    Place(String when) {
      this.when = when;
    }
  }

  private static final int FIRST = 47_110;
  private static final int OPEN = 47_111;

  private final Connection keeper;

  private Gate(Connection keeper) {
    this.keeper = keeper;
  }

  static Gate at(Place place) throws SQLException {
    Gate gate = new Gate(TestDatabase.connect());
    gate.execute("SELECT pg_advisory_lock(%d)".formatted(OPEN));
    gate.execute(
        """
        CREATE OR REPLACE FUNCTION coatcheck.gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF pg_try_advisory_xact_lock(%d) THEN PERFORM pg_advisory_xact_lock_shared(%d); END IF;
          RETURN NULL;
        END $$
        """
            .formatted(FIRST, OPEN));
    gate.execute(
        "CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON coatcheck.counter "
            + place.when
            + "FOR EACH ROW EXECUTE FUNCTION coatcheck.gate()");
    return gate;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = keeper.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The process of the database that is held; 0 if none is. */
  private int held() throws SQLException {
    try (Statement statement = keeper.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = "
                    + OPEN)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  /** Waits until a transaction is held. */
  int awaitHeld() throws SQLException {
    Awaitility.await().until(() -> held() != 0);
    return held();
  }

  /** Ends the process of the database whose transaction is held. */
  void end(int process) throws SQLException {
    execute("SELECT pg_terminate_backend(%d)".formatted(process));
    awaitGone(process);
  }

  /** Lets what is held go on. */
  void open() throws SQLException {
    execute("SELECT pg_advisory_unlock(%d)".formatted(OPEN));
  }

  /** Waits until a process of the database is gone. */
  void awaitGone(int process) {
    Awaitility.await()
        .until(() -> {
          try (Statement statement = keeper.createStatement();
              ResultSet rows =
                  statement.executeQuery("SELECT 1 FROM pg_stat_activity WHERE pid = " + process)) {
            return !rows.next();
          }
        });
  }

  @Override
  public void close() throws SQLException {
    try (keeper) {
      execute("SELECT pg_advisory_unlock_all()");
      execute("DROP TRIGGER gate ON coatcheck.counter");
      execute("DROP FUNCTION coatcheck.gate()");
    }
  }
}
