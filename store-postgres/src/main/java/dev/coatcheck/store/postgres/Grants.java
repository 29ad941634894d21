package dev.coatcheck.store.postgres;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Standing;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the grant that a token was made for, running or ended. */
final class Grants {

  /**
   * A grant.
   *
   * @param secret of its token
   * @param endedAt null while it holds its job
   * @param callback the hash of its callback token
   */
  record Known(
      @Nullable UUID secret,
      Standing standing,
      @Nullable Instant endedAt,
      @Nullable Payload callback) {}

  private record Row(
      TenantId tenant,
      String worker,
      int version,
      Phase phase,
      long fence,
      int attempt,
      int maxAttempts,
      @Nullable UUID secret,
      @Nullable ErrorCode error,
      @Nullable Instant finishedAt,
      @Nullable Payload callback) {}

  /** Something to prepare statements on. */
  interface Binder {
    Bind bind(Sql sql);
  }

  private Grants() {}

  static Standing standing(Session session, LeaseToken lease) throws SQLException {
    Known known = find(session::bind, lease);
    return known == null ? new Standing.Unknown() : known.standing();
  }

  static List<LeaseToken> heldBy(Session session, RunnerId node) throws SQLException {
    return session
        .bind(Sql.HELD_BY)
        .runner(node)
        .list(row -> {
          JobId job = row.id();
          long fence = row.number();
          return Uuids.token(job, fence, Objects.requireNonNull(row.uuid()));
        });
  }

  /** The grant of the token; null if there is none, or its secret is another. */
  static @Nullable Known find(Binder binder, LeaseToken lease) throws SQLException {
    Known known = find(binder, lease.job(), lease.fence());
    return known != null && Uuids.secret(lease).equals(known.secret()) ? known : null;
  }

  /** The grant of a job under a fence; null if there is none. */
  static @Nullable Known find(Binder binder, JobId job, long fence) throws SQLException {
    Row row = binder.bind(Sql.LAST_GRANT).id(job).first(Grants::row);
    if (row == null) {
      return null;
    }
    if (row.phase == Phase.RUNNING && row.fence == fence) {
      Standing.Held held =
          new Standing.Held(row.tenant, row.worker, row.version, row.attempt, row.maxAttempts);
      return new Known(row.secret, held, null, row.callback);
    }
    if (row.phase.done() && row.secret != null && row.fence == fence + 1) {
      // Who canceled it is not an error of the attempt.
      ErrorCode error = row.phase == Phase.CANCELED ? null : row.error;
      Standing.Ended ended = new Standing.Ended(row.tenant, state(row), error);
      return new Known(row.secret, ended, row.finishedAt, row.callback);
    }
    return binder
        .bind(Sql.ENDED_GRANT)
        .id(job)
        .number(fence)
        .first(columns -> ended(columns, row.tenant));
  }

  private static Row row(Columns row) throws SQLException {
    return new Row(
        new TenantId(row.text()).shown(),
        row.text(),
        row.count(),
        row.phase(),
        row.number(),
        row.count(),
        row.count(),
        row.uuid(),
        error(row.optionalText()),
        row.optionalTime(),
        row.payload());
  }

  private static Attempt.State state(Row row) {
    return switch (row.phase) {
      case SUCCEEDED -> Attempt.State.SUCCEEDED;
      case FAILED -> row.error == ErrorCode.RUNNER_LOST ? Attempt.State.LOST : Attempt.State.FAILED;
      case TIMED_OUT -> Attempt.State.TIMED_OUT;
      case CANCELED -> Attempt.State.CANCELED;
      case READY, WAITING, FOLLOWING, RUNNING, SUSPENDED ->
          throw new IllegalStateException(row.phase + " is not done");
    };
  }

  private static Known ended(Columns columns, TenantId tenant) throws SQLException {
    Attempt.State state = Attempt.State.parse(columns.text()).orElseThrow();
    ErrorCode error = error(columns.optionalText());
    UUID secret = columns.uuid();
    Payload callback = columns.payload();
    Instant endedAt = columns.time();
    return new Known(secret, new Standing.Ended(tenant, state, error), endedAt, callback);
  }

  private static @Nullable ErrorCode error(@Nullable String wire) {
    return wire == null ? null : ErrorCode.parse(wire).orElse(ErrorCode.INTERNAL);
  }
}
