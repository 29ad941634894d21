package dev.coatcheck.store.postgres;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Lineage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Birth;
import dev.coatcheck.store.base.Form;
import dev.coatcheck.store.base.Upkeep;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores a job, or finds the one that stands for it. */
final class SubmitStep {

  private SubmitStep() {}

  static Result.SubmitResult take(Turn turn, Command.Submit command) throws SQLException {
    NewJob job = command.job();
    Result.SubmitResult answer = look(turn, job);
    while (answer == null) {
      answer = store(turn, job, command.start());
      if (answer == null) {
        // Another transaction took a key between our look and our word, and is durable by now.
        answer = look(turn, job);
      }
    }
    return answer;
  }

  /** What stands in the way of storing the job; null for nothing. */
  private static Result.@Nullable SubmitResult look(Turn turn, NewJob job) throws SQLException {
    Idempotency key = job.idempotency();
    if (key != null) {
      Result.SubmitResult before = before(turn, job, key);
      if (before != null) {
        return before;
      }
    }
    JobId standing = standing(turn, job);
    if (standing != null) {
      return key == null || remember(turn, job, key, standing)
          ? new Result.Existing(standing)
          : before(turn, job, key);
    }
    FileId missing = FileStep.missing(turn, job.tenant(), job.files());
    if (missing != null) {
      return new Result.NoSuchFile(missing);
    }
    if (job.queueLimit() < Integer.MAX_VALUE) {
      WorkerCounts counts = turn.counters().counts(job.worker());
      if (counts.ready() + counts.waiting() >= job.queueLimit()) {
        return new Result.QueueFull(job.queueLimit());
      }
    }
    return null;
  }

  private static Result.@Nullable SubmitResult before(Turn turn, NewJob job, Idempotency key)
      throws SQLException {
    return turn.bind(Sql.FIND_KEY)
        .text(job.tenant().value())
        .payload(key.key())
        .first(row -> {
          boolean same = Objects.equals(key.fingerprint(), row.payload());
          JobId answer = row.id();
          return same ? new Result.Replayed(answer) : new Result.KeyReused(answer);
        });
  }

  private static @Nullable JobId standing(Turn turn, NewJob job) throws SQLException {
    if (job.retryOf() == null && job.uniqueKey() == null) {
      return null;
    }
    turn.flush();
    String tenant = job.tenant().value();
    if (job.retryOf() != null) {
      JobId retry = turn.bind(Sql.OPEN_RETRY).id(job.retryOf()).text(tenant).first(Columns::id);
      if (retry != null) {
        return retry;
      }
    }
    return job.uniqueKey() == null
        ? null
        : turn.bind(Sql.OPEN_BY_KEY)
            .text(tenant)
            .text(job.worker())
            .text(job.uniqueKey())
            .first(Columns::id);
  }

  /** Whether the key stands for that job now; false if another came first. */
  private static boolean remember(Turn turn, NewJob job, Idempotency key, JobId answer)
      throws SQLException {
    return turn.bind(Sql.INSERT_KEY)
            .text(job.tenant().value())
            .payload(key.key())
            .payload(key.fingerprint())
            .id(answer)
            .time(turn.now())
            .update()
        > 0;
  }

  /** Stores the job; null if one of its keys was taken meanwhile, and nothing was changed. */
  private static Result.@Nullable SubmitResult store(Turn turn, NewJob job, boolean start)
      throws SQLException {
    Idempotency key = job.idempotency();
    if (key != null && !remember(turn, job, key, job.id())) {
      return null;
    }
    JobId other = claimKeys(turn, job);
    if (other != null) {
      if (key != null) {
        turn.bind(Sql.SET_KEY).text(job.tenant().value()).payload(key.key()).id(other).update();
      }
      return new Result.Existing(other);
    }
    return put(turn, job, start);
  }

  /** Takes the unique key and the place of the retry; the open job that came first, if one did. */
  private static @Nullable JobId claimKeys(Turn turn, NewJob job) throws SQLException {
    if (job.uniqueKey() != null) {
      int taken =
          turn.bind(Sql.INSERT_OPEN_KEY)
              .text(job.tenant().value())
              .text(job.worker())
              .text(job.uniqueKey())
              .id(job.id())
              .update();
      if (taken == 0) {
        return Objects.requireNonNull(standing(turn, job));
      }
    }
    JobId retry = job.retryOf() == null ? null : markRetried(turn, job, job.retryOf());
    if (retry != null && job.uniqueKey() != null) {
      turn.bind(Sql.DELETE_OPEN_KEY)
          .text(job.tenant().value())
          .text(job.worker())
          .text(job.uniqueKey())
          .id(job.id())
          .update();
    }
    return retry;
  }

  private static @Nullable JobId markRetried(Turn turn, NewJob job, JobId original)
      throws SQLException {
    String tenant = job.tenant().value();
    int marked = turn.bind(Sql.MARK_RETRIED).id(original).text(tenant).id(job.id()).update();
    JobId open =
        marked > 0 ? null : turn.bind(Sql.OPEN_RETRY).id(original).text(tenant).first(Columns::id);
    if (open == null) {
      String worker =
          turn.bind(Sql.REDRIVE_DEAD_LETTER)
              .id(original)
              .text(tenant)
              .id(job.id())
              .first(Columns::text);
      if (worker != null) {
        turn.counters().deadLetters(worker, -1);
      }
    }
    return open;
  }

  private static Birth birth(Turn turn, NewJob job, boolean start) throws SQLException {
    Birth birth = Birth.of(job, turn.now());
    boolean starts =
        start
            && !birth.waits()
            && !turn.intake().anyReady(job.worker())
            && !turn.workers().paused(job.worker())
            && room(turn, job);
    return starts ? birth.started() : birth;
  }

  private static boolean room(Turn turn, NewJob job) throws SQLException {
    Room room = turn.room(job.worker());
    boolean free = (room.free() > 0 || room.more()) && room.free(job.lane()) > 0;
    if (free) {
      // As its first grant.
      room.take(new Escrow.Held(job.id(), 2), job.lane());
    }
    return free;
  }

  private static Result.SubmitResult put(Turn turn, NewJob job, boolean start) throws SQLException {
    Birth birth = birth(turn, job, start);
    turn.intake().add(job.id(), row(turn, job, birth));
    FileStep.use(turn, job.id(), job.files());
    for (Map.Entry<String, String> entry : job.metadata().entrySet()) {
      if (turn.fixed().indexedMetadata().contains(entry.getKey())) {
        turn.bind(Sql.INSERT_TAG)
            .text(job.tenant().value())
            .text(entry.getKey())
            .text(entry.getValue())
            .id(job.id())
            .update();
      }
    }
    turn.counters().move(job.worker(), birth.phase(), 1);
    turn.news().changed(job.id(), birth.phase());
    turn.news().due(Upkeep.of(birth.phase()), birth.wakeAt());
    switch (birth.phase()) {
      case RUNNING -> {
        UUID lease = turn.intake().start(job.worker(), job.id());
        LeaseToken token = Uuids.token(job.id(), birth.fence(), lease);
        return new Result.Started(birth.stored(), birth.grant(token));
      }
      case WAITING -> turn.intake().waiting(waiting(turn, job, birth));
      default -> {
        turn.intake().ready(job.worker(), ready(turn, job, birth));
        turn.news().work(job.worker());
      }
    }
    return new Result.Accepted(birth.stored());
  }

  private static Bind ready(Turn turn, NewJob job, Birth birth) {
    Queue.Place place = new Queue.Place(job.id(), job.worker(), job.lane(), 1, 0, false);
    return Queue.ready(turn, place, job.priority(), false, Objects.requireNonNull(birth.wakeAt()));
  }

  private static Bind waiting(Turn turn, NewJob job, Birth birth) {
    Queue.Place place = new Queue.Place(job.id(), job.worker(), job.lane(), 1, 0, false);
    return Queue.waiting(
        turn,
        place,
        WaitReason.SCHEDULED,
        Objects.requireNonNull(birth.runAt()),
        Objects.requireNonNull(birth.wakeAt()));
  }

  private static Bind row(Turn turn, NewJob job, Birth birth) {
    Lineage lineage = job.lineage();
    Integer index = lineage == null ? null : lineage.index();
    return turn.bind(Sql.INSERT_JOB)
        .id(job.id())
        .text(job.tenant().value())
        .text(job.worker())
        .number(job.workerVersion())
        .number(job.maxAttempts())
        .number(job.priority())
        .text(job.lane())
        .flag(birth.waits())
        .time(birth.runAt())
        .time(turn.now())
        .duration(job.runTimeout())
        .time(birth.queueTimeoutAt())
        .time(birth.deadlineAt())
        .payload(job.input())
        .text(Form.encode(job.metadata()))
        .id(job.retryOf())
        .text(job.uniqueKey())
        .id(lineage == null ? null : lineage.root())
        .id(lineage == null ? null : lineage.parent())
        .text(lineage == null ? null : lineage.step())
        .number(index == null ? null : Long.valueOf(index))
        .number(job.holdMicros());
  }
}
