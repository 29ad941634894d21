package dev.coatcheck.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.coatcheck.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

/** A few connections, however much goes on. */
final class Pool implements AutoCloseable {

  /** What every connection begins with; why, and again for changes, says {@link Sql#OPENING}. */
  static final String PLANS = "SET enable_sort = off; SET random_page_cost = 1.1; SET jit = off";

  /** The database ends the sessions of a node that is cut off, and with them what they lock. */
  private static final String MANNERS =
      "; SET idle_in_transaction_session_timeout = '10s'; SET tcp_keepalives_idle = 10"
          + "; SET tcp_keepalives_interval = 3; SET tcp_keepalives_count = 3";

  private static final int OPEN_MS = 4_000;
  private static final int CHECK_MS = 1_500;

  /** A piece of work with a connection. */
  interface Work<T> {
    T run(Session session) throws SQLException;
  }

  /**
   * What a pool is for.
   *
   * @param size how many connections at most
   * @param patience how long one may be waited for
   */
  record Purpose(String name, int size, Duration patience, boolean readOnly) {}

  private final PatientSource patient;
  private final HikariDataSource source;

  /** Opens it with one connection. */
  Pool(Url url, Purpose purpose) {
    patient = new PatientSource(url);
    HikariConfig config = new HikariConfig();
    config.setPoolName("coatcheck-" + purpose.name());
    config.setDataSource(patient);
    config.setMaximumPoolSize(purpose.size());
    config.setMinimumIdle(1);
    config.setConnectionInitSql(PLANS + MANNERS);
    config.setExceptionOverride(new Demotion());
    config.setAutoCommit(purpose.readOnly());
    config.setReadOnly(purpose.readOnly());
    config.setConnectionTimeout(purpose.patience().toMillis());
    config.setValidationTimeout(CHECK_MS);
    config.setInitializationFailTimeout(OPEN_MS);
    source = new HikariDataSource(config);
  }

  Connection connection() throws SQLException {
    try {
      return source.getConnection();
    } catch (SQLTransientConnectionException e) {
      String why = patient.trouble();
      throw why == null ? e : new SQLTransientConnectionException(why, e);
    }
  }

  /** One statement, or several that need not agree. */
  <T> T read(Work<T> work) {
    try (Connection connection = connection()) {
      return work.run(new Session(connection));
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** Several statements that see the same state. */
  <T> T snapshot(Work<T> work) {
    try (Connection connection = connection()) {
      connection.setAutoCommit(false);
      try {
        Session session = new Session(connection);
        session.bind(Sql.ONE_STATE).update();
        T result = work.run(session);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  static StoreUnavailableException unavailable(SQLException e) {
    return new StoreUnavailableException("the database does not answer: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    source.close();
  }
}
