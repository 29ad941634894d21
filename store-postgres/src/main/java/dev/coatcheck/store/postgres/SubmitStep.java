package dev.coatcheck.store.postgres;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Lineage;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Birth;
import dev.coatcheck.store.base.Following;
import dev.coatcheck.store.base.Form;
import dev.coatcheck.store.base.Rehearsal;
import dev.coatcheck.store.base.Upkeep;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores a job, or finds the one that stands for it. */
final class SubmitStep {

  private SubmitStep() {}

  static Result.SubmitResult take(Turn turn, NewJob job, boolean start) throws SQLException {
    Result.SubmitResult answer = answer(turn, job);
    while (answer == null) {
      answer = store(turn, job, start);
      if (answer == null) {
        // Another transaction took a key between our look and our word, and is durable by now.
        answer = answer(turn, job);
      }
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
      Result.SubmitResult result = take(turn, job, false);
      if (result.refused()) {
        throw Transactions.again("a key was taken meanwhile");
      }
      results.add(result);
    }
    return new Result.AllSubmitted(results);
  }

  /** The answer without storing the job, with the key remembered for it; null for none. */
  private static Result.@Nullable SubmitResult answer(Turn turn, NewJob job) throws SQLException {
    Result.SubmitResult answer = look(turn, job, 0);
    Idempotency key = job.idempotency();
    if (key == null || !(answer instanceof Result.Existing(JobId standing))) {
      return answer;
    }
    return remember(turn, job, key, standing) ? answer : before(turn, job, key);
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
    return full(turn, job, more) ? new Result.QueueFull(job.queueLimit()) : null;
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
    return begin(turn, job, start);
  }

  /** Stores a job that nothing stands in the way of. */
  private static Result.SubmitResult begin(Turn turn, NewJob job, boolean start)
      throws SQLException {
    Reuse reuse = job.reuse();
    if (reuse == null) {
      return put(turn, job, birth(turn, job, start), Shares.NOTHING);
    }
    JobId answer = reuse.cached() ? ReuseStep.answer(turn, job, reuse) : null;
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
   * @param cached whether a kept success answers it
   */
  private record Shares(
      @Nullable JobId flight,
      @Nullable JobId lead,
      @Nullable Reuse reuse,
      int kinds,
      boolean cached) {

    static final Shares NOTHING = new Shares(null, null, null, 0, false);

    static Shares kept(Reuse reuse, int more) {
      int kinds = (reuse.keep() == null ? 0 : ReuseStep.KEPT) + more;
      return new Shares(null, null, reuse, kinds, false);
    }
  }

  /** Stores a job that shares a run, and the run if there is none. */
  private static Result.SubmitResult follow(Turn turn, NewJob job, Reuse reuse)
      throws SQLException {
    ReuseStep.Flight flight = ReuseStep.flight(turn, job, reuse);
    if (flight == null) {
      NewJob run = Following.run(job, turn.fixed().random().nextLong());
      if (!ReuseStep.begin(turn, job, reuse, run.id())) {
        return follow(turn, job, reuse);
      }
      int kinds = Shares.kept(reuse, ReuseStep.SHARED).kinds();
      add(turn, run, Birth.of(run, turn.now()), new Shares(null, job.id(), reuse, kinds, false));
      flight = new ReuseStep.Flight(run.id(), job.id(), job.priority());
    } else if (flight.priority() < job.priority()) {
      ReuseStep.raise(turn, flight.run(), job.priority());
    }
    Birth birth = Birth.of(job, turn.now()).following();
    add(turn, job, birth, new Shares(flight.run(), flight.lead(), null, 0, false));
    return stored(turn, job);
  }

  /** Stores a job that a kept success answers. */
  private static Result.SubmitResult answered(Turn turn, NewJob job, JobId answer)
      throws SQLException {
    Instant expiresAt = turn.workers().expiry(job.worker(), JobStatus.SUCCEEDED, turn.now());
    Birth birth = Birth.of(job, turn.now());
    turn.intake().add(job.id(), row(turn, job, birth, new Shares(null, null, null, 0, true)));
    accompany(turn, job);
    turn.bind(Sql.END_ANSWERED)
        .id(job.id())
        .text(job.tenant().value())
        .text(job.worker())
        .time(turn.now())
        .time(expiresAt)
        .id(answer)
        .update();
    if (job.uniqueKey() != null) {
      giveKeyBack(turn, job, job.uniqueKey());
    }
    turn.news().changed(job.id(), Phase.SUCCEEDED);
    turn.news().due(Upkeep.PRUNE, expiresAt);
    return stored(turn, job);
  }

  /** The job as it is now. */
  private static Result.SubmitResult stored(Turn turn, NewJob job) throws SQLException {
    turn.flush();
    return new Result.Accepted(
        Objects.requireNonNull(JobRow.seen(turn.session(), Sql.JOB, job.tenant(), job.id())));
  }

  private static void giveKeyBack(Turn turn, NewJob job, String key) throws SQLException {
    turn.bind(Sql.DELETE_OPEN_KEY)
        .text(job.tenant().value())
        .text(job.worker())
        .text(key)
        .id(job.id())
        .update();
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
      giveKeyBack(turn, job, job.uniqueKey());
    }
    return retry;
  }

  /** Stores a job whose dead letter is locked; the retry that is open, if there is one. */
  static Result.RedriveResult redrive(Turn turn, NewJob job, JobId original) throws SQLException {
    JobId open = markRetried(turn, job, original);
    if (open != null) {
      return new Result.AlreadyRedriven(open);
    }
    return switch (begin(turn, job, false)) {
      case Result.Accepted(Job stored) -> new Result.Redriven(stored);
      default -> throw new IllegalStateException("it was not to start");
    };
  }

  /** Whether the worker's queue has no room. */
  static boolean full(Turn turn, NewJob job, int more) throws SQLException {
    return job.queueLimit() < Integer.MAX_VALUE
        && turn.counters().queued(job.worker()) + more >= job.queueLimit();
  }

  private static @Nullable JobId markRetried(Turn turn, NewJob job, JobId original)
      throws SQLException {
    String tenant = job.tenant().value();
    // First of all, as who redrives it does: whoever comes second waits here.
    turn.bind(Sql.LOCK_LETTER).id(original).text(tenant).any();
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

  private static Result.SubmitResult put(Turn turn, NewJob job, Birth birth, Shares shares)
      throws SQLException {
    add(turn, job, birth, shares);
    if (!birth.runs()) {
      return new Result.Accepted(birth.stored());
    }
    UUID lease = turn.intake().start(job.worker(), job.id());
    LeaseToken token = Uuids.token(job.id(), birth.fence(), lease);
    return new Result.Started(birth.stored(), birth.grant(token));
  }

  /** Stores a job where its phase says. */
  private static void add(Turn turn, NewJob job, Birth birth, Shares shares) throws SQLException {
    turn.intake().add(job.id(), row(turn, job, birth, shares));
    accompany(turn, job);
    turn.counters().move(job.worker(), birth.phase(), 1);
    turn.news().changed(job.id(), birth.phase());
    turn.news().due(Upkeep.of(birth.phase()), birth.wakeAt());
    switch (birth.phase()) {
      case RUNNING -> {}
      case WAITING, FOLLOWING -> turn.intake().waiting(waiting(turn, job, birth, shares));
      default -> {
        turn.intake().ready(job.worker(), ready(turn, job, birth));
        turn.news().work(job.worker());
      }
    }
  }

  /** What is stored of a job beside its row. */
  private static void accompany(Turn turn, NewJob job) throws SQLException {
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
  }

  private static Bind ready(Turn turn, NewJob job, Birth birth) {
    Queue.Place place = new Queue.Place(job.id(), job.worker(), job.lane(), 1, 0, false);
    return Queue.ready(turn, place, job.priority(), false, Objects.requireNonNull(birth.wakeAt()));
  }

  private static Bind waiting(Turn turn, NewJob job, Birth birth, Shares shares) {
    Queue.Place place = new Queue.Place(job.id(), job.worker(), job.lane(), 1, 0, false);
    Instant due = Objects.requireNonNull(birth.wakeAt());
    return shares.flight() == null
        ? Queue.waiting(
            turn, place, WaitReason.SCHEDULED, Objects.requireNonNull(birth.runAt()), due)
        : Queue.following(turn, place, shares.flight(), birth.deadlineAt(), due);
  }

  private static Bind row(Turn turn, NewJob job, Birth birth, Shares shares) {
    Reuse reuse = shares.reuse();
    Lineage lineage = job.lineage();
    Occasion occasion = job.occasion();
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
        .number(job.holdMicros())
        .text(occasion == null ? null : occasion.schedule())
        .time(occasion == null ? null : occasion.nominalAt())
        .id(shares.flight())
        .id(shares.lead())
        .payload(reuse == null ? null : reuse.likeness())
        .number(reuse == null || reuse.keep() == null ? null : (Long) reuse.keep().toMillis())
        .number(shares.kinds())
        .flag(shares.cached());
  }
}
