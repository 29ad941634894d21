package dev.coatcheck.store.sqlite;

import dev.coatcheck.callback.Callback;
import dev.coatcheck.job.Payload;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.Suspension.OnTimeout;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a job goes on with: what a suspended attempt left, and what was called back. */
final class Resumption {

  /** A callback that is kept. */
  record Stored(long fence, Callback callback) {}

  /** How a suspended job waits. */
  record Waiting(OnTimeout onTimeout, Duration timeout) {}

  private record Left(
      @Nullable Payload state, Resume.@Nullable Reason reason, @Nullable Long callback) {}

  private Resumption() {}

  /** What a grant that begins now goes on with; null at the beginning of the work. */
  static @Nullable Resume give(Turn turn, long job) throws SQLException {
    Left left = left(turn, job);
    if (left != null) {
      Stored given = left.callback() == null ? null : given(turn, job, left.callback());
      return new Resume(
          Objects.requireNonNull(left.reason()),
          left.state(),
          given == null ? null : given.callback());
    }
    Stored unspent = unspent(turn, job);
    if (unspent == null) {
      return null;
    }
    // From now on it is this one, whatever else comes.
    turn.bind(Sql.INSERT_SUSPENSION)
        .number(job)
        .none()
        .text(OnTimeout.FAIL.name().toLowerCase(Locale.ROOT))
        .number(0)
        .text(Resume.Reason.CALLBACK.wire())
        .number(unspent.fence())
        .update();
    return new Resume(Resume.Reason.CALLBACK, null, unspent.callback());
  }

  /** A grant has answered what it was given: nobody is given it again. */
  static void spend(Turn turn, Head head) throws SQLException {
    if (!head.resumable()) {
      return;
    }
    Left left = left(turn, head.seq());
    if (left != null) {
      if (left.callback() != null) {
        turn.bind(Sql.SPEND_CALLBACK).number(head.seq()).number(left.callback()).update();
      }
      turn.bind(Sql.DELETE_SUSPENSION).number(head.seq()).update();
    }
  }

  private static @Nullable Left left(Turn turn, long job) throws SQLException {
    try (ResultSet rows = turn.bind(Sql.FIND_SUSPENSION).number(job).query()) {
      Columns row = new Columns(rows);
      if (!row.next()) {
        return null;
      }
      Payload state = row.payload();
      row.text();
      row.number();
      String reason = row.optionalText();
      Resume.Reason why = reason == null ? null : Resume.Reason.parse(reason).orElseThrow();
      return new Left(state, why, row.optionalNumber());
    }
  }

  static Waiting waiting(Turn turn, long job) throws SQLException {
    try (ResultSet rows = turn.bind(Sql.FIND_SUSPENSION).number(job).query()) {
      Columns row = new Columns(rows);
      if (!row.next()) {
        throw new SQLException("a suspended job has no suspension");
      }
      row.bytes();
      OnTimeout onTimeout = OnTimeout.valueOf(row.text().toUpperCase(Locale.ROOT));
      return new Waiting(onTimeout, Duration.ofMillis(row.number()));
    }
  }

  private static @Nullable Stored given(Turn turn, long job, long fence) throws SQLException {
    try (ResultSet rows = turn.bind(Sql.GIVEN_CALLBACK).number(job).number(fence).query()) {
      Columns row = new Columns(rows);
      return row.next() ? stored(row) : null;
    }
  }

  /** The oldest callback that no attempt has gone on with. */
  static @Nullable Stored unspent(Turn turn, long job) throws SQLException {
    Stored oldest = null;
    try (ResultSet rows = turn.bind(Sql.UNSPENT_CALLBACK).number(job).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        Stored next = stored(row);
        if (oldest == null
            || next.callback().receivedAt().isBefore(oldest.callback().receivedAt())) {
          oldest = next;
        }
      }
    }
    return oldest;
  }

  private static Stored stored(Columns row) throws SQLException {
    long fence = row.number();
    var receivedAt = row.time();
    String type = row.text();
    Payload body = row.payload();
    return new Stored(fence, new Callback(receivedAt, type, body == null ? Payload.EMPTY : body));
  }
}
