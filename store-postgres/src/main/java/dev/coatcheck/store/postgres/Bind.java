package dev.coatcheck.store.postgres;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Collects the parameters of a statement in their order, then runs it. */
final class Bind {

  /** A null of a known type, so that the statement is prepared once. */
  private record None(int type) {}

  /** Reads one row. */
  interface Row<T> {
    T read(Columns columns) throws SQLException;
  }

  private final Connection connection;
  private final Sql sql;
  private final String text;
  private final List<Object> values = new ArrayList<>();

  Bind(Connection connection, Sql sql, String text) {
    this.connection = connection;
    this.sql = sql;
    this.text = text;
  }

  private Bind add(@Nullable Object value, int type) {
    values.add(value == null ? new None(type) : value);
    return this;
  }

  Bind number(long value) {
    return add(value, Types.BIGINT);
  }

  Bind number(@Nullable Long value) {
    return add(value, Types.BIGINT);
  }

  Bind flag(boolean value) {
    return add(value, Types.BOOLEAN);
  }

  Bind real(@Nullable Double value) {
    return add(value, Types.DOUBLE);
  }

  Bind text(@Nullable String value) {
    return add(value, Types.VARCHAR);
  }

  Bind bytes(byte @Nullable [] value) {
    return add(value, Types.BINARY);
  }

  Bind payload(@Nullable Payload value) {
    return bytes(value == null ? null : value.bytes());
  }

  Bind time(@Nullable Instant value) {
    return number(value == null ? null : (Long) value.toEpochMilli());
  }

  Bind duration(Duration value) {
    return number(value.toMillis());
  }

  Bind uuid(@Nullable UUID value) {
    return add(value, Types.OTHER);
  }

  Bind id(@Nullable JobId value) {
    return uuid(value == null ? null : Uuids.of(value));
  }

  Bind file(FileId value) {
    return uuid(Uuids.of(value));
  }

  Bind runner(@Nullable RunnerId value) {
    return uuid(value == null ? null : Uuids.of(value));
  }

  Bind secret(LeaseToken token) {
    return uuid(Uuids.secret(token));
  }

  Bind usage(Usage usage) {
    return number(usage.inputTokens()).number(usage.outputTokens()).number(usage.costMicros());
  }

  /** Five columns: code, message, retryable, attempt, upstream. */
  Bind error(@Nullable JobError error) {
    if (error == null) {
      return text(null).text(null).add(null, Types.BOOLEAN).number(null).bytes(null);
    }
    return text(error.code().wire())
        .text(error.message())
        .flag(error.retryable())
        .number(error.attempt())
        .payload(error.upstream());
  }

  /** An array of a type as PostgreSQL names it. */
  Bind array(String type, @Nullable Object[] elements) throws SQLException {
    values.add(connection.createArrayOf(type, elements));
    return this;
  }

  Bind ids(List<JobId> ids) throws SQLException {
    return array("uuid", ids.stream().map(Uuids::of).toArray());
  }

  private void fill(PreparedStatement statement) throws SQLException {
    int[] places = sql.places();
    for (int i = 0; i < places.length; i++) {
      set(statement, i + 1, values.get(places[i]));
    }
  }

  private static void set(PreparedStatement statement, int at, Object value) throws SQLException {
    switch (value) {
      case None none -> statement.setNull(at, none.type());
      case Long number -> statement.setLong(at, number);
      case String text -> statement.setString(at, text);
      case Boolean flag -> statement.setBoolean(at, flag);
      case Double real -> statement.setDouble(at, real);
      case byte[] bytes -> statement.setBytes(at, bytes);
      case java.sql.Array array -> statement.setArray(at, array);
      default -> statement.setObject(at, value);
    }
  }

  /** Runs a change; the number of rows it met. */
  int update() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      fill(statement);
      return statement.executeUpdate();
    }
  }

  /** Runs a statement whose rows do not matter. */
  void run() throws SQLException {
    list(columns -> true);
  }

  <T> List<T> list(Row<T> row) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      fill(statement);
      try (ResultSet rows = statement.executeQuery()) {
        Columns columns = new Columns(rows);
        List<T> list = new ArrayList<>();
        while (columns.next()) {
          list.add(row.read(columns));
        }
        return list;
      }
    }
  }

  /** The first row; null if there is none. */
  <T> @Nullable T first(Row<T> row) throws SQLException {
    List<T> list = list(row);
    return list.isEmpty() ? null : list.getFirst();
  }

  /** Whether there is a row. */
  boolean any() throws SQLException {
    return !list(columns -> true).isEmpty();
  }

  /** The only column of the only row. */
  long count() throws SQLException {
    Long count = first(Columns::number);
    return count == null ? 0 : count;
  }

  /** The only column of the first row, a time; null if it is, or if there is no row. */
  @Nullable Instant optionalTime() throws SQLException {
    Optional<Instant> time = first(row -> Optional.ofNullable(row.optionalTime()));
    return time == null ? null : time.orElse(null);
  }

  /** Runs the same change for each of several parameters, in one go. */
  static void all(List<Bind> binds) throws SQLException {
    if (binds.isEmpty()) {
      return;
    }
    Bind first = binds.getFirst();
    try (PreparedStatement statement = first.connection.prepareStatement(first.text)) {
      for (Bind bind : binds) {
        bind.fill(statement);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }
}
