package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Standing;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the grant that a token was made for, running or ended. */
final class Grants {

  /**
   * A grant.
   *
   * @param endedAt null while it holds its job
   */
  record Known(long seq, TenantId tenant, Standing standing, @Nullable Instant endedAt) {}

  private record Row(
      long seq,
      TenantId tenant,
      String worker,
      int version,
      JobStatus status,
      boolean suspended,
      long fence,
      int attempt,
      int maxAttempts,
      boolean held,
      @Nullable Payload secret,
      @Nullable ErrorCode error,
      @Nullable Instant finishedAt) {}

  private Grants() {}

  static Standing standing(Session session, LeaseToken lease) throws SQLException {
    Known known = find(session::bind, lease);
    return known == null ? new Standing.Unknown() : known.standing();
  }

  static List<LeaseToken> heldBy(Session session, RunnerId node) throws SQLException {
    List<LeaseToken> held = new ArrayList<>();
    try (ResultSet rows = session.bind(Sql.HELD_BY).runner(node).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        JobId job = row.id();
        long fence = row.number();
        ByteBuffer secret = ByteBuffer.wrap(Objects.requireNonNull(row.bytes()));
        held.add(new LeaseToken(job, fence, secret.getLong(), secret.getLong()));
      }
    }
    return held;
  }

  /** Something to prepare statements on. */
  interface Binder {
    Bind bind(Sql sql) throws SQLException;
  }

  /** The grant of the token; null if there is none, or its secret is another. */
  static @Nullable Known find(Binder binder, LeaseToken lease) throws SQLException {
    Row row = row(binder, lease.job());
    if (row == null) {
      return null;
    }
    Payload secret = Payload.of(Bind.blob(lease.secretHigh(), lease.secretLow()));
    if (row.status == JobStatus.RUNNING && !row.suspended && row.fence == lease.fence()) {
      Standing.Held held =
          new Standing.Held(row.tenant, row.worker, row.version, row.attempt, row.maxAttempts);
      return Objects.equals(secret, row.secret) ? new Known(row.seq, row.tenant, held, null) : null;
    }
    if (row.status.done() && row.held && row.fence == lease.fence() + 1) {
      // Who canceled it is not an error of the attempt.
      ErrorCode error = row.status == JobStatus.CANCELED ? null : row.error;
      Standing.Ended ended = new Standing.Ended(row.tenant, state(row), error);
      return Objects.equals(secret, row.secret)
          ? new Known(row.seq, row.tenant, ended, row.finishedAt)
          : null;
    }
    return ended(binder, row, lease.fence(), secret);
  }

  private static @Nullable Row row(Binder binder, JobId job) throws SQLException {
    try (ResultSet rows = binder.bind(Sql.LAST_GRANT).id(job).query()) {
      Columns row = new Columns(rows);
      return row.next()
          ? new Row(
              row.number(),
              new TenantId(row.text()).shown(),
              row.text(),
              row.count(),
              row.status(),
              row.optionalTime() != null,
              row.number(),
              row.count(),
              row.count(),
              row.bytes() != null,
              row.payload(),
              error(row.optionalText()),
              row.optionalTime())
          : null;
    }
  }

  private static Attempt.State state(Row row) {
    return switch (row.status) {
      case SUCCEEDED -> Attempt.State.SUCCEEDED;
      case FAILED -> row.error == ErrorCode.RUNNER_LOST ? Attempt.State.LOST : Attempt.State.FAILED;
      case TIMED_OUT -> Attempt.State.TIMED_OUT;
      case CANCELED -> Attempt.State.CANCELED;
      case QUEUED, RUNNING -> throw new IllegalStateException(row.status + " is not done");
    };
  }

  private static @Nullable Known ended(Binder binder, Row row, long fence, Payload secret)
      throws SQLException {
    try (ResultSet rows = binder.bind(Sql.ENDED_GRANT).number(row.seq).number(fence).query()) {
      Columns columns = new Columns(rows);
      if (!columns.next()) {
        return null;
      }
      Attempt.State state = Attempt.State.parse(columns.text()).orElseThrow();
      ErrorCode error = error(columns.optionalText());
      if (!Objects.equals(secret, columns.payload())) {
        return null;
      }
      columns.bytes();
      Instant endedAt = Objects.requireNonNull(columns.optionalTime());
      return new Known(row.seq, row.tenant, new Standing.Ended(row.tenant, state, error), endedAt);
    }
  }

  private static @Nullable ErrorCode error(@Nullable String wire) {
    return wire == null ? null : ErrorCode.parse(wire).orElse(ErrorCode.INTERNAL);
  }
}
