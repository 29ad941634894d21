package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.RunnerId;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes the columns of a result row from left to right. */
final class Columns {

  private final ResultSet row;
  private int at;

  Columns(ResultSet row) {
    this.row = row;
  }

  /** Goes to the next row and its first column; false if there is none. */
  boolean next() throws SQLException {
    at = 0;
    return row.next();
  }

  long number() throws SQLException {
    return row.getLong(++at);
  }

  int count() throws SQLException {
    return row.getInt(++at);
  }

  boolean flag() throws SQLException {
    return number() != 0;
  }

  @Nullable Long optionalNumber() throws SQLException {
    long value = row.getLong(++at);
    return value == 0 && row.wasNull() ? null : (Long) value;
  }

  @Nullable Double real() throws SQLException {
    double value = row.getDouble(++at);
    return value == 0 && row.wasNull() ? null : (Double) value;
  }

  @Nullable String optionalText() throws SQLException {
    return row.getString(++at);
  }

  String text() throws SQLException {
    return Objects.requireNonNull(row.getString(++at));
  }

  byte @Nullable [] bytes() throws SQLException {
    return row.getBytes(++at);
  }

  @Nullable Payload payload() throws SQLException {
    byte[] bytes = bytes();
    return bytes == null ? null : Payload.of(bytes);
  }

  @Nullable Instant optionalTime() throws SQLException {
    Long millis = optionalNumber();
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  Instant time() throws SQLException {
    return Instant.ofEpochMilli(number());
  }

  @Nullable JobId optionalId() throws SQLException {
    byte[] bytes = bytes();
    if (bytes == null) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new JobId(buffer.getLong(), buffer.getLong());
  }

  JobId id() throws SQLException {
    return Objects.requireNonNull(optionalId());
  }

  FileId fileId() throws SQLException {
    ByteBuffer buffer = ByteBuffer.wrap(Objects.requireNonNull(bytes()));
    return new FileId(buffer.getLong(), buffer.getLong());
  }

  @Nullable RunnerId runner() throws SQLException {
    byte[] bytes = bytes();
    if (bytes == null) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new RunnerId(buffer.getLong(), buffer.getLong());
  }

  Usage usage() throws SQLException {
    return new Usage(optionalNumber(), optionalNumber(), optionalNumber());
  }

  @Nullable JobError error() throws SQLException {
    String code = optionalText();
    if (code == null) {
      at += 4;
      return null;
    }
    return new JobError(
        ErrorCode.parse(code).orElse(ErrorCode.INTERNAL), text(), flag(), count(), payload());
  }

  @Nullable WaitReason waitReason() throws SQLException {
    String wire = optionalText();
    return wire == null ? null : WaitReason.parse(wire).orElseThrow();
  }

  JobStatus status() throws SQLException {
    return JobStatus.parse(text()).orElseThrow();
  }

  /** The phase of a job; one that shares a run waits for it. */
  static Phase phase(JobStatus status, @Nullable WaitReason reason, boolean suspended) {
    return switch (status) {
      case QUEUED ->
          switch (reason) {
            case null -> Phase.READY;
            case COALESCED -> Phase.FOLLOWING;
            default -> Phase.WAITING;
          };
      case RUNNING -> suspended ? Phase.SUSPENDED : Phase.RUNNING;
      case SUCCEEDED -> Phase.SUCCEEDED;
      case FAILED -> Phase.FAILED;
      case TIMED_OUT -> Phase.TIMED_OUT;
      case CANCELED -> Phase.CANCELED;
    };
  }
}
