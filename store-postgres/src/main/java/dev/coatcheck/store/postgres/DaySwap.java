package dev.coatcheck.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Replaces the partitions of a day by small ones that have only what stays of it, or by none.
 *
 * <p>One connection holds the duty to delete, and keeps jobs out of the day, in a transaction that
 * lasts from beginning to end; another makes the copy and commits it. Then the first locks all jobs
 * for the moment that the exchange takes, and makes it only if nothing of the day has changed since
 * it was copied. A reader whose view is older than the copy would see neither: so the copy is older
 * than any of our views by then, and nothing is written into it in the last moment.
 */
final class DaySwap {

  /** A lock that is not granted in that time is given up, as those wait who come after us. */
  private static final String MOMENT = "SET LOCAL lock_timeout = '15ms'";

  /** So many jobs at most are looked at while all wait. */
  private static final int MOST_OPEN = 5_000;

  private static final String NOT_GRANTED = "55P03";

  /**
   * How long it goes on trying.
   *
   * @param tries how often it asks for the locks
   * @param between how long it leaves the others alone then
   * @param viewsEnd our own views of the database last for less
   */
  record Patience(int tries, Duration between, Duration viewsEnd) {

    static final Patience USUAL = new Patience(60, Duration.ofMillis(250), Duration.ofSeconds(2));

    /** Of one that shares its connection with others. */
    static final Patience SHORT = new Patience(4, Duration.ofMillis(100), Duration.ZERO);
  }

  private enum Outcome {
    DONE,
    BUSY,
    CHANGED
  }

  /** A piece of the exchange, while all jobs are locked. */
  private interface Exchange {
    Outcome make(Statement statement) throws SQLException;
  }

  private final Connection duty;
  private final Connection copying;
  private final Day day;
  private final Patience patience;
  private Object[] open = {};
  private Object[] held = {};

  DaySwap(Connection duty, Connection copying, Day day, Patience patience) {
    this.duty = duty;
    this.copying = copying;
    this.day = day;
    this.patience = patience;
  }

  private String tables(String text) {
    return text.replace(":day", day.name());
  }

  private String job() {
    return "job_" + day.name();
  }

  private String done() {
    return "done_" + day.name();
  }

  /** Takes the duty, and keeps jobs out of the day; false if others are in the way. */
  boolean begin() throws SQLException {
    boolean mine = Boolean.TRUE.equals(new Session(duty).bind(Sql.PRUNE_DUTY).first(Columns::flag));
    if (!mine) {
      return false;
    }
    try (Statement statement = duty.createStatement()) {
      statement.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'");
      statement.execute("SET LOCAL lock_timeout = '1s'");
      statement.execute("LOCK TABLE coatcheck." + job() + " IN SHARE MODE");
      return true;
    } catch (SQLException e) {
      if (NOT_GRANTED.equals(e.getSQLState())) {
        duty.rollback();
        return false;
      }
      throw e;
    }
  }

  /** Drops the day if it has no jobs; false if others were in the way all the time. */
  boolean drop() throws SQLException {
    if (new Session(duty).bind(Sql.ANY_OF_DAY).uuid(day.first()).uuid(day.until()).any()) {
      return false;
    }
    for (int i = 0; i < patience.tries(); i++) {
      if (exchange(this::dropNow) == Outcome.DONE) {
        return true;
      }
      pause(patience.between());
    }
    return false;
  }

  private Outcome dropNow(Statement statement) throws SQLException {
    statement.execute("DROP TABLE coatcheck.%s, coatcheck.%s".formatted(job(), done()));
    new Session(duty).bind(Sql.DROPPED_DAY).uuid(day.first()).update();
    return Outcome.DONE;
  }

  /**
   * Lets everything go that is past its retention, but for its rows in tables other than job and
   * done; false if that could not be, and all is as it was.
   */
  boolean swap(Instant now, Instant lookAgain) throws SQLException {
    if (!copy(now)) {
      dropCopy();
      return false;
    }
    pause(patience.viewsEnd());
    for (int i = 0; i < patience.tries(); i++) {
      switch (exchange(statement -> swapNow(statement, lookAgain))) {
        case DONE -> {
          return true;
        }
        case BUSY -> pause(patience.between());
        case CHANGED -> {
          copyLater();
          pause(patience.viewsEnd());
        }
      }
    }
    dropCopy();
    return false;
  }

  /** Copies what stays; false if too much of it may change meanwhile. */
  private boolean copy(Instant now) throws SQLException {
    dropCopy();
    try (Statement statement = copying.createStatement()) {
      for (String parent : List.of("job", "done")) {
        statement.execute(
            ("CREATE TABLE coatcheck.%s_%s_next (LIKE coatcheck.%s INCLUDING ALL,"
                    + " CHECK (id >= '%s' AND id < '%s'))")
                .formatted(parent, day.name(), parent, day.first(), day.until()));
      }
      Session session = new Session(copying);
      session.bind(Sql.COPY_JOBS, this::tables).time(now).update();
      session.bind(Sql.COPY_ENDS, this::tables).update();
      statement.execute("ANALYZE coatcheck.%s_next, coatcheck.%s_next".formatted(job(), done()));
    }
    return lookAtCopy();
  }

  /** Notes what may change; false if that is too much. */
  private boolean lookAtCopy() throws SQLException {
    open = look(Sql.COPIED_OPEN);
    held = look(Sql.COPIED_HELD);
    Commit.durably(copying);
    return open.length + held.length <= MOST_OPEN;
  }

  private UUID[] look(Sql sql) throws SQLException {
    return new Session(copying)
        .bind(sql, this::tables)
        .number(MOST_OPEN + 1L)
        .list(row -> Uuids.of(row.id()))
        .toArray(UUID[]::new);
  }

  private void copyLater() throws SQLException {
    Session session = new Session(copying);
    session.bind(Sql.COPY_LATER_ENDS, this::tables).array("uuid", open).update();
    session.bind(Sql.COPY_LATER_STOPS, this::tables).array("uuid", held).update();
    lookAtCopy();
  }

  private void dropCopy() throws SQLException {
    try (Statement statement = copying.createStatement()) {
      statement.execute(
          "DROP TABLE IF EXISTS coatcheck.%s_next, coatcheck.%s_next".formatted(job(), done()));
      Commit.durably(copying);
    }
  }

  private Outcome swapNow(Statement statement, Instant lookAgain) throws SQLException {
    boolean changed =
        new Session(duty)
            .bind(Sql.CHANGED_SINCE, this::tables)
            .array("uuid", open)
            .array("uuid", held)
            .any();
    if (changed) {
      return Outcome.CHANGED;
    }
    statement.execute("DROP TABLE coatcheck.%s, coatcheck.%s".formatted(job(), done()));
    for (String parent : List.of("job", "done")) {
      String name = parent + "_" + day.name();
      statement.execute("ALTER TABLE coatcheck.%s_next RENAME TO %s".formatted(name, name));
      statement.execute(day.attach(parent, name));
    }
    new Session(duty).bind(Sql.SWEPT_DAY).uuid(day.first()).time(lookAgain).update();
    return Outcome.DONE;
  }

  /** Locks all jobs, unless somebody would wait for that, and commits what is done then. */
  private Outcome exchange(Exchange exchange) throws SQLException {
    Savepoint before = duty.setSavepoint();
    try (Statement statement = duty.createStatement()) {
      statement.execute(MOMENT);
      statement.execute("LOCK TABLE ONLY coatcheck.job IN ACCESS EXCLUSIVE MODE");
      statement.execute("LOCK TABLE ONLY coatcheck.done IN ACCESS EXCLUSIVE MODE");
      Outcome outcome = exchange.make(statement);
      if (outcome == Outcome.DONE) {
        Commit.durably(duty);
      } else {
        duty.rollback(before);
      }
      return outcome;
    } catch (SQLException e) {
      if (NOT_GRANTED.equals(e.getSQLState())) {
        duty.rollback(before);
        return Outcome.BUSY;
      }
      throw e;
    }
  }

  private static void pause(Duration pause) throws SQLException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", stopped);
    }
  }
}
