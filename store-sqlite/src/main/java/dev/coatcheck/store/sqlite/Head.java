package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Reader.Finished;
import dev.coatcheck.store.base.Finish;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a move needs to know of a job before it is made.
 *
 * @param begun whether an attempt was suspended, which counts as a start
 * @param resumable whether there may be something that the job goes on with
 * @param reuse what is done for others when it ends, see {@link #kept} and {@link #shared}
 * @param flight the run that the job shares; null for none
 */
record Head(
    long seq,
    JobId id,
    TenantId tenant,
    String worker,
    String lane,
    int workerVersion,
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
    Times times,
    @Nullable Hold hold,
    boolean begun,
    boolean resumable,
    int reuse,
    @Nullable JobId flight) {

  /**
   * When a job began, and how long it may execute.
   *
   * @param startedAt of the first attempt
   * @param attemptStartedAt of the last grant
   */
  record Times(
      @Nullable Instant runAt,
      @Nullable Instant startedAt,
      @Nullable Instant attemptStartedAt,
      Duration runTimeout,
      Duration ran,
      @Nullable Instant finishedAt) {}

  /**
   * What holds a running job, or keeps it suspended; what is left of it when the job is done.
   *
   * @param until null: held by this node; 0: by a dead node
   */
  record Hold(
      @Nullable Instant until,
      @Nullable Instant runUntil,
      @Nullable Instant suspendUntil,
      @Nullable Payload secret) {}

  static @Nullable Head find(Turn turn, JobId id) throws SQLException {
    try (ResultSet rows = turn.bind(Sql.HEAD).id(id).query()) {
      Columns row = new Columns(rows);
      return row.next() ? of(row) : null;
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
  static List<Head> due(Turn turn, Sql statement, int max) throws SQLException {
    return list(turn.bind(statement).time(turn.now()).number(max));
  }

  /** Jobs that anybody holds, at most so many. */
  static List<Head> held(Turn turn, int max) throws SQLException {
    return list(turn.bind(Sql.HELD).number(max));
  }

  static List<Head> list(Bind query) throws SQLException {
    List<Head> heads = new ArrayList<>();
    try (ResultSet rows = query.query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        heads.add(of(row));
      }
    }
    return heads;
  }

  private static Head of(Columns row) throws SQLException {
    long seq = row.number();
    JobId id = row.id();
    TenantId tenant = new TenantId(row.text());
    String worker = row.text();
    int version = row.count();
    JobStatus status = row.status();
    WaitReason reason = row.waitReason();
    long fence = row.number();
    int attempt = row.count();
    boolean keep = row.flag();
    int maxAttempts = row.count();
    int lost = row.count();
    Instant readyAt = row.optionalTime();
    Instant queueTimeoutAt = row.optionalTime();
    Instant deadlineAt = row.time();
    long notes = row.number();
    long chunks = row.number();
    Instant runAt = row.optionalTime();
    Instant startedAt = row.optionalTime();
    Instant attemptStartedAt = row.optionalTime();
    Duration runTimeout = Duration.ofMillis(row.number());
    Duration ran = Duration.ofMillis(row.number());
    Instant finishedAt = row.optionalTime();
    Instant until = row.optionalTime();
    Instant runUntil = row.optionalTime();
    Instant suspendUntil = row.optionalTime();
    boolean begun = row.flag();
    boolean resumable = row.flag();
    Hold hold = new Hold(until, runUntil, suspendUntil, row.payload());
    String lane = row.text();
    int reuse = row.count();
    JobId flight = row.optionalId();
    return new Head(
        seq,
        id,
        tenant,
        worker,
        lane,
        version,
        Columns.phase(status, reason, suspendUntil != null),
        fence,
        attempt,
        keep,
        maxAttempts,
        lost,
        readyAt,
        queueTimeoutAt,
        deadlineAt,
        notes,
        chunks,
        new Times(runAt, startedAt, attemptStartedAt, runTimeout, ran, finishedAt),
        hold,
        begun,
        resumable,
        reuse,
        flight);
  }

  /** The queue_timeout of a job with this many attempts that count; none once there is one. */
  @Nullable Instant queueClock(int counted) {
    return counted > 0 || begun ? null : queueTimeoutAt;
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

  /** The job after it has left the run that it shared, which was under that fence. */
  Head left(long runFence, int runAttempt) {
    return new Head(
        seq,
        id,
        tenant,
        worker,
        lane,
        workerVersion,
        phase,
        runFence,
        runAttempt,
        keepAttempt,
        maxAttempts,
        lost,
        readyAt,
        queueTimeoutAt,
        deadlineAt,
        notes,
        chunks,
        times,
        hold,
        begun,
        resumable,
        reuse,
        null);
  }

  /** Whether its success answers later jobs. */
  boolean kept() {
    return (reuse & ReuseStep.KEPT) != 0;
  }

  /** Whether it is a run that others share. */
  boolean shared() {
    return (reuse & ReuseStep.SHARED) != 0;
  }

  /** How the job went, if it ends now. */
  Finished finished(Phase to, Instant now) {
    return Finish.of(
        worker,
        to,
        id.createdAt(),
        new Finish.Times(times.runAt(), times.startedAt(), times.attemptStartedAt(), now));
  }
}
