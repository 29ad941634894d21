package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Reader.Finished;
import dev.coatcheck.store.base.Finish;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a move needs to know of a job before it is made.
 *
 * @param keepAttempt of a queued job: whether the next grant repeats the attempt's number
 * @param hold what holds a running job; null for any other
 * @param suspendUntil null unless it is suspended
 * @param course what has happened to it
 * @param shares what it has to do with others
 */
record Head(
    JobId id,
    TenantId tenant,
    String worker,
    String lane,
    int workerVersion,
    int maxAttempts,
    int priority,
    @Nullable String uniqueKey,
    Phase phase,
    long fence,
    int attempt,
    boolean keepAttempt,
    @Nullable Instant queueTimeoutAt,
    Instant deadlineAt,
    Duration runTimeout,
    Times times,
    @Nullable Hold hold,
    @Nullable Instant suspendUntil,
    Course course,
    Shares shares) {

  /**
   * What the job has to do with others that ask for the same work.
   *
   * @param reuse what is done for them when it ends, see {@link #kept} and {@link #shared}
   * @param flight the run that it shares; null for none
   */
  record Shares(int reuse, @Nullable JobId flight) {

    /** Whether its success answers later jobs. */
    boolean kept() {
      return (reuse & ReuseStep.KEPT) != 0;
    }

    /** Whether it is a run that others share. */
    boolean shared() {
      return (reuse & ReuseStep.SHARED) != 0;
    }
  }

  /**
   * When a job began and ended.
   *
   * @param startedAt of the first attempt
   * @param attemptStartedAt of the grant that holds it, or held it at its end
   */
  record Times(
      @Nullable Instant runAt,
      @Nullable Instant startedAt,
      @Nullable Instant attemptStartedAt,
      @Nullable Instant finishedAt) {}

  /**
   * What holds a running job.
   *
   * @param local whether a node does; its lease has no end of its own
   */
  record Hold(UUID lease, boolean local, @Nullable Instant until, @Nullable Instant runUntil) {}

  /**
   * What has happened to a job.
   *
   * @param storied whether that is kept in a row of its own already
   * @param begun whether an attempt was suspended, which counts as a start
   * @param resumable whether there may be something that the job goes on with
   */
  record Course(
      boolean storied,
      int lost,
      Duration ran,
      boolean begun,
      boolean resumable,
      long notes,
      long chunks) {}

  static @Nullable Head find(Turn turn, JobId id) throws SQLException {
    return turn.bind(Sql.HEAD).id(id).first(Head::of);
  }

  /** Several, in the order of their ids as given. */
  static List<Head> find(Turn turn, List<JobId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    Map<JobId, Head> heads = new HashMap<>();
    for (Head head : turn.bind(Sql.HEADS).ids(ids).list(Head::of)) {
      heads.put(head.id(), head);
    }
    return ids.stream().map(heads::get).filter(Objects::nonNull).toList();
  }

  /** The job under the token, which nobody else moves until the end of the transaction. */
  static @Nullable Head running(Turn turn, LeaseToken lease) throws SQLException {
    if (!turn.bind(Sql.LOCK_LEASE).secret(lease).any()) {
      return null;
    }
    Head head = find(turn, lease.job());
    return head != null && head.heldBy(lease) ? head : null;
  }

  private boolean heldBy(LeaseToken token) {
    return phase == Phase.RUNNING
        && fence == token.fence()
        && hold != null
        && hold.lease().equals(Uuids.secret(token));
  }

  /** The job, which nobody else moves until the end of the transaction. */
  static @Nullable Head lock(Turn turn, JobId id) throws SQLException {
    Head head = find(turn, id);
    while (head != null && !head.phase().done()) {
      // It may have moved between the look and the lock.
      boolean locked = head.lock(turn);
      Head again = find(turn, id);
      if (locked && again != null && again.fence() == head.fence() && again.at(head)) {
        return again;
      }
      head = again;
    }
    return head;
  }

  private boolean at(Head before) {
    return phase == before.phase() && Objects.equals(lease(), before.lease());
  }

  private @Nullable UUID lease() {
    return hold == null ? null : hold.lease();
  }

  private boolean lock(Turn turn) throws SQLException {
    return switch (phase) {
      case READY -> key(turn, Sql.LOCK_READY).any();
      case WAITING, SUSPENDED, FOLLOWING -> turn.bind(Sql.LOCK_WAITING).id(id).number(fence).any();
      case RUNNING -> turn.bind(Sql.LOCK_LEASE).uuid(lease()).any();
      case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> true;
    };
  }

  private Bind key(Turn turn, Sql sql) {
    return turn.bind(sql).text(worker).text(lane).number(-priority).id(id).number(fence);
  }

  /** Takes the job out of where it is; it must be locked, and put elsewhere. */
  void leave(Turn turn) throws SQLException {
    switch (phase) {
      case READY -> key(turn, Sql.DELETE_READY).update();
      case WAITING, SUSPENDED -> turn.bind(Sql.DELETE_WAITING).id(id).number(fence).update();
      case FOLLOWING -> turn.bind(Sql.DELETE_FOLLOWER).id(id).update();
      case RUNNING -> Leases.leave(turn, Objects.requireNonNull(lease()), id);
      case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> throw new IllegalStateException("done");
    }
  }

  private static Head of(Columns row) throws SQLException {
    JobId id = row.id();
    TenantId tenant = new TenantId(row.text());
    String worker = row.text();
    int version = row.count();
    int maxAttempts = row.count();
    int priority = row.count();
    Instant runAt = row.optionalTime();
    Duration runTimeout = Duration.ofMillis(row.number());
    Instant queueTimeoutAt = row.optionalTime();
    Instant deadlineAt = row.time();
    String uniqueKey = row.optionalText();
    Phase phase = row.phase();
    long fence = row.number();
    int attempt = row.count();
    boolean keep = row.flag();
    Times times = new Times(runAt, row.optionalTime(), row.optionalTime(), row.optionalTime());
    Hold hold = hold(row);
    Instant suspendUntil = row.optionalTime();
    Course course = course(row);
    String lane = row.text();
    return new Head(
        id,
        tenant,
        worker,
        lane,
        version,
        maxAttempts,
        priority,
        uniqueKey,
        phase,
        fence,
        attempt,
        keep,
        queueTimeoutAt,
        deadlineAt,
        runTimeout,
        times,
        hold,
        suspendUntil,
        course,
        new Shares(row.count(), row.optionalId()));
  }

  private static @Nullable Hold hold(Columns row) throws SQLException {
    UUID lease = row.uuid();
    boolean local = row.flag();
    Instant until = row.optionalTime();
    Instant runUntil = row.optionalTime();
    return lease == null ? null : new Hold(lease, local, until, runUntil);
  }

  private static Course course(Columns row) throws SQLException {
    return new Course(
        row.flag(),
        row.count(),
        Duration.ofMillis(row.number()),
        row.flag(),
        row.flag(),
        row.number(),
        row.number());
  }

  /** The job as one that ends right after what its run, which is under this fence, has come to. */
  Head endingWith(long runFence, int runAttempt) {
    return new Head(
        id,
        tenant,
        worker,
        lane,
        workerVersion,
        maxAttempts,
        priority,
        uniqueKey,
        phase,
        runFence,
        runAttempt,
        keepAttempt,
        queueTimeoutAt,
        deadlineAt,
        runTimeout,
        times,
        hold,
        suspendUntil,
        course,
        shares);
  }

  /** From now on there is a row for what happens to the job. */
  void beginCourse(Turn turn) throws SQLException {
    if (!course.storied()) {
      turn.bind(Sql.BEGIN_COURSE).id(id).time(times.startedAt()).update();
    }
  }

  /** The queue_timeout of a job with this many attempts that count; none once there is one. */
  @Nullable Instant queueClock(int counted, boolean started) {
    return counted > 0 || started ? null : queueTimeoutAt;
  }

  /** When the first clock of the job runs out, once it is queued again. */
  Instant clock(int counted, boolean started) {
    Instant queue = queueClock(counted, started);
    return queue != null && queue.isBefore(deadlineAt) ? queue : deadlineAt;
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
