package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Lineage;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Birth;
import dev.coatcheck.store.base.Form;
import dev.coatcheck.store.base.Upkeep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stores a job, or finds the one that stands for it. */
final class SubmitStep {

  /** Payloads up to this size lie in the row. */
  static final int INLINE_MAX = 1024;

  private SubmitStep() {}

  static Result.SubmitResult take(Turn turn, Command.Submit command) throws SQLException {
    NewJob job = command.job();
    Idempotency key = job.idempotency();
    if (key != null) {
      Result.SubmitResult before = before(turn, job, key);
      if (before != null) {
        return before;
      }
    }
    JobId standing = standing(turn, job);
    if (standing != null) {
      remember(turn, job, standing);
      return new Result.Existing(standing);
    }
    FileId missing = FileStep.missing(turn, job.tenant(), job.files());
    if (missing != null) {
      return new Result.NoSuchFile(missing);
    }
    if (turn.counters().queued(job.worker()) >= job.queueLimit()) {
      return new Result.QueueFull(job.queueLimit());
    }
    remember(turn, job, job.id());
    markRetried(turn, job);
    return store(turn, job, command.start());
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

  private static Result.SubmitResult store(Turn turn, NewJob job, boolean start)
      throws SQLException {
    Birth birth = birth(turn, job, start);
    long seq = turn.nextSeq();
    insert(turn, seq, job, birth);
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
    turn.counters().enter(job.worker(), job.lane(), birth.phase(), turn.now());
    turn.hints().changed(job.id(), birth.phase());
    turn.hints().due(Upkeep.of(birth.phase()), birth.wakeAt());
    if (birth.phase() == Phase.READY) {
      turn.hints().work(job.worker());
    }
    if (!birth.runs()) {
      return new Result.Accepted(birth.stored());
    }
    Turn.Fixed fixed = turn.fixed();
    LeaseToken token =
        new LeaseToken(job.id(), birth.fence(), fixed.secretHigh(), fixed.secretLow());
    return new Result.Started(birth.stored(), birth.grant(token));
  }

  private static void insert(Turn turn, long seq, NewJob job, Birth birth) throws SQLException {
    Lineage lineage = job.lineage();
    Turn.Fixed fixed = turn.fixed();
    turn.bindInsert()
        .number(seq)
        .id(job.id())
        .text(job.tenant().value())
        .text(job.worker())
        .number(job.workerVersion())
        .text(birth.phase().status().wire())
        .text(birth.waits() ? WaitReason.SCHEDULED.wire() : null)
        .number(birth.fence())
        .number(birth.attempt())
        .number(job.maxAttempts())
        .number(job.priority())
        .text(job.lane())
        .flag(birth.waits())
        .time(birth.runAt())
        .time(birth.nextAttemptAt())
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
        .batch();
  }
}
