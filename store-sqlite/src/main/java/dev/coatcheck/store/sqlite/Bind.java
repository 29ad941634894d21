package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Fills the parameters of a prepared statement from left to right, then runs it. */
final class Bind {

  private final PreparedStatement statement;
  private int at;

  Bind(PreparedStatement statement) {
    this.statement = statement;
  }

  Bind number(long value) throws SQLException {
    statement.setLong(++at, value);
    return this;
  }

  Bind number(@Nullable Long value) throws SQLException {
    return value == null ? none() : number(value.longValue());
  }

  Bind flag(boolean value) throws SQLException {
    return number(value ? 1L : 0L);
  }

  Bind real(@Nullable Double value) throws SQLException {
    if (value == null) {
      return none();
    }
    statement.setDouble(++at, value);
    return this;
  }

  Bind text(@Nullable String value) throws SQLException {
    if (value == null) {
      return none();
    }
    statement.setString(++at, value);
    return this;
  }

  Bind bytes(byte @Nullable [] value) throws SQLException {
    if (value == null) {
      return none();
    }
    statement.setBytes(++at, value);
    return this;
  }

  Bind payload(@Nullable Payload value) throws SQLException {
    return value == null ? none() : bytes(value.bytes());
  }

  Bind time(@Nullable Instant value) throws SQLException {
    return value == null ? none() : number(value.toEpochMilli());
  }

  Bind duration(Duration value) throws SQLException {
    return number(value.toMillis());
  }

  Bind id(@Nullable JobId value) throws SQLException {
    return value == null ? none() : bytes(blob(value.high(), value.low()));
  }

  Bind file(FileId value) throws SQLException {
    return bytes(blob(value.high(), value.low()));
  }

  Bind runner(@Nullable RunnerId value) throws SQLException {
    return value == null ? none() : bytes(blob(value.high(), value.low()));
  }

  Bind secret(LeaseToken token) throws SQLException {
    return bytes(blob(token.secretHigh(), token.secretLow()));
  }

  Bind usage(Usage usage) throws SQLException {
    return number(usage.inputTokens()).number(usage.outputTokens()).number(usage.costMicros());
  }

  /** Five columns: code, message, retryable, attempt, upstream. */
  Bind error(@Nullable JobError error) throws SQLException {
    if (error == null) {
      return none().none().none().none().none();
    }
    return text(error.code().wire())
        .text(error.message())
        .flag(error.retryable())
        .number(error.attempt())
        .payload(error.upstream());
  }

  Bind none() throws SQLException {
    statement.setNull(++at, Types.NULL);
    return this;
  }

  /** Runs a change; the number of rows it met. */
  int update() throws SQLException {
    return statement.executeUpdate();
  }

  ResultSet query() throws SQLException {
    return statement.executeQuery();
  }

  void batch() throws SQLException {
    statement.addBatch();
  }

  static byte[] blob(long high, long low) {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }
}
