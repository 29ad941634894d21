package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.base.Missed;
import dev.coatcheck.store.base.Statements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A copy of a database, to be looked at. Nobody else has it open. */
public final class StoredCopy implements AutoCloseable {

  private static final Statements SQL = new Statements(StoredCopy.class, List.of("copies.sql"));
  private static final String COUNT_BY_STATUS = SQL.take("count_by_status");
  private static final String BLOBS = SQL.take("blobs");
  private static final String ATTACH_OLD = SQL.take("attach_old");
  private static final String MISSED_JOBS = SQL.take("missed_jobs");
  private static final String MISSED_ENDS = SQL.take("missed_ends");
  private static final String MISSED_CALLBACKS = SQL.take("missed_callbacks");
  private static final String MISSED_FILES = SQL.take("missed_files");
  private static final String MISSED_WORKERS = SQL.take("missed_workers");

  private final Connection connection;

  private StoredCopy(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens a copy.
   *
   * @throws StoreUnavailableException if it cannot be read
   */
  public static StoredCopy open(Path copy) {
    try {
      return new StoredCopy(Connections.reader(copy));
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  /** Takes one piece after the other; what it throws ends the look. */
  @FunctionalInterface
  public interface EachBlob {
    void take(TenantId tenant, String sha256) throws IOException;
  }

  /** How many jobs there are of each status that any is in. */
  public Map<String, Long> jobs() {
    return look(
        COUNT_BY_STATUS,
        rows -> {
          Map<String, Long> counts = new TreeMap<>();
          while (rows.next()) {
            counts.put(rows.text(), rows.number());
          }
          return counts;
        });
  }

  /** The number of steps that its schema has taken. */
  public int schema() {
    return look("PRAGMA user_version", rows -> rows.next() ? rows.count() : 0);
  }

  /** The bytes that files refer to, each once. */
  public void blobs(EachBlob each) throws IOException {
    try (PreparedStatement statement = connection.prepareStatement(BLOBS);
        ResultSet found = statement.executeQuery()) {
      Columns rows = new Columns(found);
      while (rows.next()) {
        each.take(new TenantId(rows.text()), rows.text());
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  /**
   * What a database that went on after this copy was made had acknowledged and the copy does not
   * know. The database is only read; its log stays as it is.
   *
   * @throws StoreRefusedException if it is in use, or cannot be read
   */
  public void missed(Path old, Consumer<Missed> each) {
    if (!Files.isRegularFile(old)) {
      throw new StoreRefusedException("there is no database " + old, null);
    }
    if (Ownership.elsewhere(old)) {
      throw new StoreRefusedException(old + " is in use: stop its server first", null);
    }
    try (PreparedStatement attach = connection.prepareStatement(ATTACH_OLD)) {
      attach.setString(1, old.toAbsolutePath().toUri() + "?mode=ro");
      attach.execute();
      missed(each);
      try (Statement detach = connection.createStatement()) {
        detach.execute("DETACH old");
      }
    } catch (SQLException e) {
      throw new StoreRefusedException("cannot read " + old + ": " + e.getMessage(), e);
    }
  }

  private void missed(Consumer<Missed> each) throws SQLException {
    all(
        MISSED_JOBS,
        row ->
            each.accept(
                new Missed.Job(
                    row.id(), row.text(), row.text(), Objects.requireNonNull(row.payload()))));
    all(
        MISSED_ENDS,
        row -> each.accept(new Missed.End(row.id(), row.text(), row.text(), row.optionalTime())));
    all(
        MISSED_CALLBACKS,
        row -> each.accept(new Missed.Callback(row.id(), row.text(), row.time())));
    all(MISSED_FILES, row -> each.accept(new Missed.File(row.fileId(), row.text())));
    all(MISSED_WORKERS, row -> each.accept(new Missed.Worker(row.text(), row.count())));
  }

  private interface Row {
    void take(Columns row) throws SQLException;
  }

  private void all(String sql, Row each) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet found = statement.executeQuery()) {
      Columns row = new Columns(found);
      while (row.next()) {
        each.take(row);
      }
    }
  }

  private interface Rows<T> {
    T read(Columns rows) throws SQLException;
  }

  private <T> T look(String sql, Rows<T> rows) {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet found = statement.executeQuery()) {
      return rows.read(new Columns(found));
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static StoreUnavailableException unreadable(SQLException e) {
    return new StoreUnavailableException("the copy cannot be read: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }
}
