package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Lineage;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Birth;
import dev.coatcheck.store.base.Following;
import dev.coatcheck.store.base.Form;
import dev.coatcheck.store.base.Rehearsal;
import dev.coatcheck.store.base.Upkeep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores a job, or finds the one that stands for it. */
final class SubmitStep {

  /** Payloads up to this size lie in the row. */
  static final int INLINE_MAX = 1024;

  private SubmitStep() {}

  static Result.SubmitResult take(Turn turn, NewJob job, boolean start) throws SQLException {
    Result.SubmitResult answer = look(turn, job, 0);
    if (answer == null) {
      remember(turn, job, job.id());
      markRetried(turn, job);
      return store(turn, job, job.reuse(), start);
    }
    if (answer instanceof Result.Existing(JobId standing)) {
      remember(turn, job, standing);
    }
    return answer;
  }

  static Result.SubmitAllResult all(Turn turn, Command.SubmitAll command) throws SQLException {
    Optional<Result.NoneSubmitted> refused =
        Rehearsal.of(command.jobs(), (job, more) -> look(turn, job, more));
    if (refused.isPresent()) {
      return refused.get();
    }
    List<Result.SubmitResult> results = new ArrayList<>(command.jobs().size());
    for (NewJob job : command.jobs()) {
      results.add(take(turn, job, false));
    }
    return new Result.AllSubmitted(results);
  }

  /**
   * What stands in the way of storing a job; null for nothing.
   *
   * @param more jobs of the worker to be counted as queued beside those that are
   */
  private static Result.@Nullable SubmitResult look(Turn turn, NewJob job, int more)
      throws SQLException {
    Idempotency key = job.idempotency();
    Result.SubmitResult before = key == null ? null : before(turn, job, key);
    if (before != null) {
      return before;
    }
    JobId standing = standing(turn, job);
    if (standing != null) {
      return new Result.Existing(standing);
    }
    FileId missing = FileStep.missing(turn, job.tenant(), job.files());
    if (missing != null) {
      return new Result.NoSuchFile(missing);
    }
    boolean full = turn.counters().queued(job.worker()) + more >= job.queueLimit();
    return full ? new Result.QueueFull(job.queueLimit()) : null;
  }

  private static Result.@Nullable SubmitResult before(Turn turn, NewJob job, Idempotency key)
      throws SQLException {
    try (ResultSet rows =
        turn.bind(Sql.FIND_KEY).text(job.tenant().value()).payload(key.key()).query()) {
      Columns row = new Columns(rows);
      if (!row.next()) {
        return null;
      }
      Payload fingerprint = row.payload();
      JobId answer = row.id();
      return Objects.equals(key.fingerprint(), fingerprint)
          ? new Result.Replayed(answer)
          : new Result.KeyReused(answer);
    }
  }

  private static @Nullable JobId standing(Turn turn, NewJob job) throws SQLException {
    if (job.retryOf() == null && job.uniqueKey() == null) {
      return null;
    }
    turn.flush();
    String tenant = job.tenant().value();
    if (job.retryOf() != null) {
      JobId retry = found(turn.bind(Sql.OPEN_RETRY).id(job.retryOf()).text(tenant));
      if (retry != null) {
        return retry;
      }
    }
    return job.uniqueKey() == null
        ? null
        : found(turn.bind(Sql.OPEN_BY_KEY).text(tenant).text(job.worker()).text(job.uniqueKey()));
  }

  private static @Nullable JobId found(Bind query) throws SQLException {
    try (ResultSet rows = query.query()) {
      Columns row = new Columns(rows);
      return row.next() ? row.id() : null;
    }
  }

  private static void remember(Turn turn, NewJob job, JobId answer) throws SQLException {
    Idempotency key = job.idempotency();
    if (key != null) {
      turn.bind(Sql.INSERT_KEY)
          .text(job.tenant().value())
          .payload(key.key())
          .payload(key.fingerprint())
          .id(answer)
          .time(turn.now())
          .update();
    }
  }

  /** Stores a job that nothing stands in the way of, and closes the dead letter that it repeats. */
  static Job store(Turn turn, NewJob job) throws SQLException {
    markRetried(turn, job);
    return switch (store(turn, job, job.reuse(), false)) {
      case Result.Accepted(Job stored) -> stored;
      default -> throw new IllegalStateException("it was not to start");
    };
  }

  private static void markRetried(Turn turn, NewJob job) throws SQLException {
    if (job.retryOf() == null) {
      return;
    }
    String tenant = job.tenant().value();
    turn.bind(Sql.MARK_RETRIED).id(job.retryOf()).text(tenant).id(job.id()).update();
    try (ResultSet rows =
        turn.bind(Sql.REDRIVE_DEAD_LETTER).id(job.retryOf()).text(tenant).id(job.id()).query()) {
      if (rows.next()) {
        turn.counters().deadLetters(rows.getString(1), -1);
      }
    }
  }

  private static Birth birth(Turn turn, NewJob job, boolean start) {
    Birth birth = Birth.of(job, turn.now());
    boolean starts =
        start
            && !birth.waits()
            && turn.counters().ready(job.worker()) == 0
            && !turn.workers().paused(job.worker())
            && ClaimStep.room(turn, job.worker(), job.lane());
    return starts ? birth.started() : birth;
  }

  private static Result.SubmitResult store(
      Turn turn, NewJob job, @Nullable Reuse reuse, boolean start) throws SQLException {
    if (reuse == null) {
      return put(turn, job, birth(turn, job, start), Shares.NOTHING);
    }
    Long answer = reuse.cached() ? ReuseStep.answer(turn, job, reuse) : null;
    if (answer != null) {
      return answered(turn, job, answer);
    }
    return reuse.inflight()
        ? follow(turn, job, reuse)
        : put(turn, job, birth(turn, job, start), Shares.kept(reuse, 0));
  }

  /**
   * What a row says of what a job shares.
   *
   * @param flight the run that it shares
   * @param lead the job that began the run
   */
  private record Shares(
      @Nullable JobId flight, @Nullable JobId lead, @Nullable Reuse reuse, int kinds) {

    static final Shares NOTHING = new Shares(null, null, null, 0);

    static Shares kept(Reuse reuse, int more) {
      return new Shares(null, null, reuse, (reuse.keep() == null ? 0 : ReuseStep.KEPT) + more);
    }
  }

  /** Stores a job that shares a run, and the run if there is none. */
  private static Result.SubmitResult follow(Turn turn, NewJob job, Reuse reuse)
      throws SQLException {
    ReuseStep.Flight flight = ReuseStep.flight(turn, job, reuse);
    if (flight == null) {
      NewJob run = Following.run(job, turn.fixed().random().nextLong());
      Shares shares =
          new Shares(null, job.id(), run.reuse(), Shares.kept(reuse, ReuseStep.SHARED).kinds());
      long seq = add(turn, run, Birth.of(run, turn.now()), shares);
      turn.flush();
      ReuseStep.begin(turn, job, reuse, seq);
      flight = new ReuseStep.Flight(run.id(), job.id(), job.priority());
    } else if (flight.priority() < job.priority()) {
      turn.bind(Sql.RAISE_FLIGHT).id(flight.run()).number(job.priority()).update();
    }
    Birth birth = Birth.of(job, turn.now()).following();
    add(turn, job, birth, new Shares(flight.run(), flight.lead(), null, 0));
    return stored(turn, job);
  }

  /** Stores a job that a kept success answers. */
  private static Result.SubmitResult answered(Turn turn, NewJob job, long answer)
      throws SQLException {
    Birth birth = Birth.of(job, turn.now());
    long seq = turn.nextSeq();
    Instant expiresAt = turn.workers().expiry(job.worker(), JobStatus.SUCCEEDED, turn.now());
    turn.bind(Sql.INSERT_ANSWERED)
        .number(seq)
        .id(job.id())
        .text(job.tenant().value())
        .text(job.worker())
        .number(job.workerVersion())
        .number(job.maxAttempts())
        .number(job.priority())
        .text(job.lane())
        .time(turn.now())
        .duration(job.runTimeout())
        .time(birth.queueTimeoutAt())
        .time(birth.deadlineAt())
        .time(expiresAt)
        .payload(job.input().size() > INLINE_MAX ? null : job.input())
        .text(Form.encode(job.metadata()))
        .id(job.retryOf())
        .number(job.holdMicros())
        .number(answer)
        .update();
    turn.bind(Sql.COPY_OUTPUT).number(seq).number(answer).update();
    accompany(turn, seq, job);
    turn.hints().changed(job.id(), Phase.SUCCEEDED);
    turn.hints().due(Upkeep.PRUNE, expiresAt);
    return stored(turn, job);
  }

  /** The job as it is now. */
  private static Result.SubmitResult stored(Turn turn, NewJob job) throws SQLException {
    turn.flush();
    return new Result.Accepted(
        Objects.requireNonNull(JobRow.seen(turn::bind, Sql.JOB, job.tenant(), job.id())));
  }

  private static Result.SubmitResult put(Turn turn, NewJob job, Birth birth, Shares shares)
      throws SQLException {
    add(turn, job, birth, shares);
    if (!birth.runs()) {
      return new Result.Accepted(birth.stored());
    }
    Turn.Fixed fixed = turn.fixed();
    LeaseToken token =
        new LeaseToken(job.id(), birth.fence(), fixed.secretHigh(), fixed.secretLow());
    return new Result.Started(birth.stored(), birth.grant(token));
  }

  /** Stores a job; the number of its row. */
  private static long add(Turn turn, NewJob job, Birth birth, Shares shares) throws SQLException {
    long seq = turn.nextSeq();
    insert(turn, seq, job, birth, shares);
    accompany(turn, seq, job);
    turn.counters().enter(job.worker(), job.lane(), birth.phase(), turn.now());
    turn.hints().changed(job.id(), birth.phase());
    turn.hints().due(Upkeep.of(birth.phase()), birth.wakeAt());
    if (birth.phase() == Phase.READY) {
      turn.hints().work(job.worker());
    }
    return seq;
  }

  /** What is stored of a job beside its row. */
  private static void accompany(Turn turn, long seq, NewJob job) throws SQLException {
    if (job.input().size() > INLINE_MAX) {
      turn.bind(Sql.INSERT_PAYLOAD).number(seq).text("input").payload(job.input()).update();
    }
    FileStep.use(turn, seq, job.files());
    for (Map.Entry<String, String> entry : job.metadata().entrySet()) {
      if (turn.fixed().indexedMetadata().contains(entry.getKey())) {
        turn.bind(Sql.INSERT_TAG)
            .text(job.tenant().value())
            .text(entry.getKey())
            .text(entry.getValue())
            .id(job.id())
            .number(seq)
            .update();
      }
    }
  }

  private static void insert(Turn turn, long seq, NewJob job, Birth birth, Shares shares)
      throws SQLException {
    Lineage lineage = job.lineage();
    Occasion occasion = job.occasion();
    Turn.Fixed fixed = turn.fixed();
    Reuse reuse = shares.reuse();
    turn.bindInsert()
        .number(seq)
        .id(job.id())
        .text(job.tenant().value())
        .text(job.worker())
        .number(job.workerVersion())
        .text(birth.phase().status().wire())
        .text(birth.waitReason() == null ? null : birth.waitReason().wire())
        .number(birth.fence())
        .number(birth.attempt())
        .number(job.maxAttempts())
        .number(job.priority())
        .text(job.lane())
        .flag(birth.waits())
        .time(birth.runAt())
        .time(birth.phase() == Phase.FOLLOWING ? birth.deadlineAt() : birth.nextAttemptAt())
        .time(turn.now())
        .time(birth.startedAt())
        .time(birth.startedAt())
        .duration(job.runTimeout())
        .time(birth.queueTimeoutAt())
        .time(birth.deadlineAt())
        .time(birth.wakeAt())
        .runner(birth.runs() ? fixed.node() : null)
        .bytes(birth.runs() ? Bind.blob(fixed.secretHigh(), fixed.secretLow()) : null)
        .payload(job.input().size() > INLINE_MAX ? null : job.input())
        .text(Form.encode(job.metadata()))
        .id(job.retryOf())
        .text(job.uniqueKey())
        .id(lineage == null ? null : lineage.root())
        .id(lineage == null ? null : lineage.parent())
        .text(lineage == null ? null : lineage.step())
        .number(lineage == null || lineage.index() == null ? null : Long.valueOf(lineage.index()))
        .number(job.holdMicros())
        .number(birth.runs() ? 1 : 0)
        .text(occasion == null ? null : occasion.schedule())
        .time(occasion == null ? null : occasion.nominalAt())
        .id(shares.flight())
        .id(shares.lead())
        .payload(reuse == null ? null : reuse.likeness())
        .number(reuse == null || reuse.keep() == null ? null : (Long) reuse.keep().toMillis())
        .number(shares.kinds())
        .batch();
  }
}
