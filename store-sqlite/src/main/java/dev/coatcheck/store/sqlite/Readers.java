package dev.coatcheck.store.sqlite;

import dev.coatcheck.store.StoreUnavailableException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** A few connections that only read, lent to any thread for one look at the file. */
final class Readers implements AutoCloseable {

  static final int SIZE = 4;

  /** A look at the file. */
  interface Look<T> {
    T at(Session session) throws SQLException;
  }

  private final ConcurrentLinkedQueue<Session> idle = new ConcurrentLinkedQueue<>();
  private final Semaphore permits = new Semaphore(SIZE);
  private volatile boolean closed;

  Readers(Path file) throws SQLException {
    List<Session> opened = new ArrayList<>();
    try {
      for (int i = 0; i < SIZE; i++) {
        opened.add(Session.reading(Connections.reader(file)));
      }
    } catch (SQLException e) {
      for (Session session : opened) {
        session.close();
      }
      throw e;
    }
    idle.addAll(opened);
  }

  /** One statement, or several that need not see one state. */
  <T> T read(Look<T> look) {
    permits.acquireUninterruptibly();
    try {
      if (closed) {
        throw Writer.closed();
      }
      Session session = idle.remove();
      try {
        return look.at(session);
      } catch (SQLException e) {
        refresh(session);
        throw e;
      } finally {
        idle.add(session);
      }
    } catch (SQLException e) {
      throw new StoreUnavailableException("the store cannot be read: " + e.getMessage(), e);
    } finally {
      permits.release();
    }
  }

  /** The next reader must not find what the failed one left. */
  private static void refresh(Session session) {
    try {
      session.rollback();
    } catch (SQLException e) {
      System.getLogger(Readers.class.getName())
          .log(System.Logger.Level.WARNING, "a reader was not made anew", e);
    }
  }

  /** Several statements that see one state. */
  <T> T snapshot(Look<T> look) {
    return read(session -> {
      session.begin();
      try {
        return look.at(session);
      } finally {
        session.commit();
      }
    });
  }

  /** Waits for those who read. */
  @Override
  public void close() throws SQLException {
    closed = true;
    permits.acquireUninterruptibly(SIZE);
    try {
      Session session;
      while ((session = idle.poll()) != null) {
        session.close();
      }
    } finally {
      permits.release(SIZE);
    }
  }
}
