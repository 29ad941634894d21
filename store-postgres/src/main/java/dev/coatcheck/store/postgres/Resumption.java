package dev.coatcheck.store.postgres;

import dev.coatcheck.callback.Callback;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.Suspension.OnTimeout;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
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
  static @Nullable Resume give(Turn turn, JobId job) throws SQLException {
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
        .id(job)
        .payload(null)
        .text(OnTimeout.FAIL.name().toLowerCase(Locale.ROOT))
        .number(0)
        .text(Resume.Reason.CALLBACK.wire())
        .number(unspent.fence())
        .update();
    return new Resume(Resume.Reason.CALLBACK, null, unspent.callback());
  }

  /** A grant has answered what it was given: nobody is given it again. */
  static void spend(Turn turn, Head head) throws SQLException {
    if (head.course().resumable()) {
      spend(turn, head.id());
    }
  }

  static void spend(Turn turn, JobId job) throws SQLException {
    Left left = left(turn, job);
    if (left != null) {
      if (left.callback() != null) {
        turn.bind(Sql.SPEND_CALLBACK).id(job).number(left.callback()).update();
      }
      turn.bind(Sql.DELETE_SUSPENSION).id(job).update();
    }
  }

  private static @Nullable Left left(Turn turn, JobId job) throws SQLException {
    return turn.bind(Sql.FIND_SUSPENSION)
        .id(job)
        .first(row -> {
          Payload state = row.payload();
          row.text();
          row.number();
          String reason = row.optionalText();
          Resume.Reason why = reason == null ? null : Resume.Reason.parse(reason).orElseThrow();
          return new Left(state, why, row.optionalNumber());
        });
  }

  static Waiting waiting(Turn turn, JobId job) throws SQLException {
    Waiting waiting =
        turn.bind(Sql.FIND_SUSPENSION)
            .id(job)
            .first(row -> {
              row.bytes();
              OnTimeout onTimeout = OnTimeout.valueOf(row.text().toUpperCase(Locale.ROOT));
              return new Waiting(onTimeout, Duration.ofMillis(row.number()));
            });
    if (waiting == null) {
      throw new SQLException("a suspended job has no suspension");
    }
    return waiting;
  }

  private static @Nullable Stored given(Turn turn, JobId job, long fence) throws SQLException {
    return turn.bind(Sql.GIVEN_CALLBACK).id(job).number(fence).first(Resumption::stored);
  }

  /** The oldest callback that no attempt has gone on with. */
  static @Nullable Stored unspent(Turn turn, JobId job) throws SQLException {
    Stored oldest = null;
    for (Stored next : turn.bind(Sql.UNSPENT_CALLBACK).id(job).list(Resumption::stored)) {
      if (oldest == null || next.callback().receivedAt().isBefore(oldest.callback().receivedAt())) {
        oldest = next;
      }
    }
    return oldest;
  }

  private static Stored stored(Columns row) throws SQLException {
    long fence = row.number();
    Instant receivedAt = row.time();
    String type = row.text();
    Payload body = row.payload();
    return new Stored(fence, new Callback(receivedAt, type, body == null ? Payload.EMPTY : body));
  }
}
