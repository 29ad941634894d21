package dev.coatcheck.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.coatcheck.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;

/** A few connections, however much goes on. */
final class Pool implements AutoCloseable {

  /** What every connection begins with; why, and again for changes, says {@link Sql#OPENING}. */
  static final String PLANS = "SET enable_sort = off; SET random_page_cost = 1.1; SET jit = off";

  private static final int WAIT_MS = 5_000;

  /** A piece of work with a connection. */
  interface Work<T> {
    T run(Session session) throws SQLException;
  }

  private final HikariDataSource source;

  Pool(Url url, String name, int size, boolean readOnly) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("coatcheck-" + name);
    config.setJdbcUrl(url.jdbc());
    url.user().ifPresent(config::setUsername);
    url.password().ifPresent(config::setPassword);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setConnectionInitSql(PLANS);
    config.setAutoCommit(readOnly);
    config.setReadOnly(readOnly);
    config.setConnectionTimeout(WAIT_MS);
    config.setInitializationFailTimeout(WAIT_MS);
    source = new HikariDataSource(config);
  }

  Connection connection() throws SQLException {
    return source.getConnection();
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
