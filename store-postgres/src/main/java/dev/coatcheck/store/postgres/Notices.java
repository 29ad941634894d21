package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.Signals.Listener;
import dev.coatcheck.store.base.Hints;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hints between nodes by LISTEN and NOTIFY. What is to be told is gathered and sent a few times a
 * second at most, by itself: a transaction that notifies holds up every other one that does. All of
 * it may be lost.
 */
final class Notices implements Listener, AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(20);

  /** After so long a silence the line is tried: one that is half open would be silent for ever. */
  private static final int SILENCE_MS = 3_000;

  private static final int ANSWER_S = 2;
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

  private final Url url;
  private final Pool pool;
  private final Hints hints;
  private final Gathered gathered;
  private final String self;
  private volatile boolean closed;
  private volatile @Nullable Connection listening;
  private final Thread sender;
  private final Thread receiver;

  Notices(Url url, Pool pool, RunnerId node, Hints hints) {
    this.url = url;
    this.pool = pool;
    this.hints = hints;
    self = node.toString();
    gathered = new Gathered(self);
    sender = new Thread(this::send, "coatcheck-notify");
    receiver = new Thread(this::receive, "coatcheck-listen");
  }

  void begin() {
    hints.listen(this);
    for (Thread thread : new Thread[] {sender, receiver}) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public void work(String worker) {
    gathered.work(worker);
    LockSupport.unpark(sender);
  }

  @Override
  public void changed(JobId job, Phase phase) {
    gathered.changed(job, phase);
    LockSupport.unpark(sender);
  }

  @Override
  public void workersChanged() {
    gathered.workersChanged();
    LockSupport.unpark(sender);
  }

  @Override
  public void due(Instant at) {
    // Every node looks for what is due itself.
  }

  private void send() {
    while (!closed) {
      String text = gathered.take();
      if (text == null) {
        LockSupport.park(this);
        continue;
      }
      try (Connection connection = pool.connection()) {
        new Session(connection).bind(Sql.NOTIFY).text(text).run();
        connection.commit();
      } catch (SQLException e) {
        System.getLogger(Notices.class.getName())
            .log(System.Logger.Level.DEBUG, "hints to other nodes were lost", e);
      }
      LockSupport.parkNanos(this, PAUSE.toNanos());
    }
  }

  private void receive() {
    while (!closed) {
      try (Connection connection = connect()) {
        listening = connection;
        listen(connection);
      } catch (SQLException e) {
        if (!closed) {
          System.getLogger(Notices.class.getName())
              .log(
                  System.Logger.Level.WARNING,
                  "hints from other nodes are not heard, and it is tried again: " + e.getMessage());
          LockSupport.parkNanos(this, AFTER_TROUBLE.toNanos());
        }
      }
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    url.user().ifPresent(user -> properties.setProperty("user", user));
    url.password().ifPresent(password -> properties.setProperty("password", password));
    return DriverManager.getConnection(url.jdbc(), properties);
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN coatcheck");
    }
    PGConnection postgres = connection.unwrap(PGConnection.class);
    while (!closed) {
      PGNotification[] notifications = postgres.getNotifications(SILENCE_MS);
      if (notifications.length == 0 && !connection.isValid(ANSWER_S)) {
        throw new SQLException("the connection is dead");
      }
      for (PGNotification notification : notifications) {
        Gathered.tell(notification.getParameter(), self, hints, this);
      }
    }
  }

  /** Ends the connection that hears of other nodes, as a failure of the network would. */
  void cut() throws SQLException {
    Connection connection = listening;
    if (connection != null) {
      connection.abort(Runnable::run);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(sender);
    try {
      cut();
    } catch (SQLException e) {
      System.getLogger(Notices.class.getName())
          .log(System.Logger.Level.DEBUG, "the connection was gone", e);
    }
  }
}
