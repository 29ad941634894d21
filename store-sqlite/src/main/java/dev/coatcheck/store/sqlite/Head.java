package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.LeaseToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a move needs to know of a job before it is made. */
record Head(
    long seq,
    JobId id,
    TenantId tenant,
    String worker,
    Phase phase,
    long fence,
    int attempt,
    boolean keepAttempt,
    int maxAttempts,
    int lost,
    @Nullable Instant readyAt,
    @Nullable Instant queueTimeoutAt,
    Instant deadlineAt,
    long notes,
    long chunks,
    @Nullable Payload secret) {

  static @Nullable Head find(Turn turn, JobId id) throws SQLException {
    try (ResultSet rows = turn.bind(Sql.HEAD).id(id).query()) {
      Columns row = new Columns(rows);
      return row.next() ? of(row, false) : null;
    }
  }

  /** The job, if it runs under the token's fence. */
  static @Nullable Head running(Turn turn, LeaseToken lease) throws SQLException {
    Head head = find(turn, lease.job());
    return head != null && head.phase() == Phase.RUNNING && head.fence() == lease.fence()
        ? head
        : null;
  }

  /** The jobs that a sweep has something to do with. */
  static List<Head> due(Turn turn, Sql statement, int max, boolean secrets) throws SQLException {
    List<Head> due = new ArrayList<>();
    try (ResultSet rows = turn.bind(statement).time(turn.now()).number(max).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        due.add(of(row, secrets));
      }
    }
    return due;
  }

  private static Head of(Columns row, boolean secret) throws SQLException {
    long seq = row.number();
    JobId id = row.id();
    TenantId tenant = new TenantId(row.text());
    String worker = row.text();
    JobStatus status = row.status();
    return new Head(
        seq,
        id,
        tenant,
        worker,
        Columns.phase(status, row.optionalText() != null),
        row.number(),
        row.count(),
        row.flag(),
        row.count(),
        row.count(),
        row.optionalTime(),
        row.optionalTime(),
        row.time(),
        row.number(),
        row.number(),
        secret ? row.payload() : null);
  }

  /** The queue_timeout of a job with this many attempts that count; none once there is one. */
  @Nullable Instant queueClock(int counted) {
    return counted > 0 ? null : queueTimeoutAt;
  }

  /** When upkeep looks at the job as a queued one that waits until then; null for a ready one. */
  Instant wakeAt(int counted, @Nullable Instant nextAttemptAt) {
    Instant wake = deadlineAt;
    Instant queue = queueClock(counted);
    if (queue != null && queue.isBefore(wake)) {
      wake = queue;
    }
    return nextAttemptAt != null && nextAttemptAt.isBefore(wake) ? nextAttemptAt : wake;
  }
}
