package dev.coatcheck.store.postgres;

import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Makes connections. Once there was one, it goes on to try until there is one again, so that a new
 * primary is found at once: the pool by itself would wait longer after each failure.
 */
final class PatientSource extends PGSimpleDataSource {

  @Serial private static final long serialVersionUID = 1;

  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Seconds for which a server is heard out that has a connection and says nothing. */
  private static final int GREETING = 2;

  private final int answerMillis;

  private volatile boolean patient;
  private volatile @Nullable String trouble;

  PatientSource(Url url) {
    setURL(url.jdbc());
    url.user().ifPresent(this::setUser);
    url.password().ifPresent(this::setPassword);
    answerMillis = (int) Duration.ofSeconds(getSocketTimeout()).toMillis();
    setSocketTimeout(GREETING);
  }

  /** Why there is no new connection; null if there is, or nobody asked. */
  @Nullable String trouble() {
    return trouble;
  }

  /** The pool would set its own: that of the URL counts. */
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public Connection getConnection() throws SQLException {
    while (true) {
      try {
        Connection connection = super.getConnection();
        connection.setNetworkTimeout(Runnable::run, answerMillis);
        patient = true;
        told(null);
        return connection;
      } catch (SQLException e) {
        told(String.valueOf(e.getMessage()));
        if (!patient) {
          throw e;
        }
        pause(e);
      }
    }
  }

  private void told(@Nullable String now) {
    String before = trouble;
    trouble = now;
    if (now != null && before == null && patient) {
      System.getLogger(PatientSource.class.getName())
          .log(System.Logger.Level.WARNING, "no connection, and it is tried again: " + now);
    }
  }

  /** Ends when the pool is closed. */
  private static void pause(SQLException cause) throws SQLException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      throw cause;
    }
  }
}
