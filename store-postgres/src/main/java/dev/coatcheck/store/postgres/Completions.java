package dev.coatcheck.store.postgres;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.FileIds;
import dev.coatcheck.store.base.Finish;
import dev.coatcheck.store.base.Upkeep;
import dev.coatcheck.worker.Retention;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Outcomes of one transaction, gathered so that many cost one statement. */
final class Completions {

  /**
   * An outcome whose result is not known yet.
   *
   * @param results where it will stand, at {@code place}
   */
  private record Pending(List<Result> results, int place, LeaseToken lease, Outcome outcome) {

    Phase phase() {
      return switch (outcome) {
        case Outcome.Succeeded succeeded -> Phase.SUCCEEDED;
        case Outcome.Failed failed -> Phase.FAILED;
        case Outcome.TimedOut timedOut -> Phase.TIMED_OUT;
      };
    }

    Usage usage() {
      return switch (outcome) {
        case Outcome.Succeeded succeeded -> succeeded.usage();
        case Outcome.Failed failed -> failed.usage();
        case Outcome.TimedOut timedOut -> timedOut.usage();
      };
    }

    @Nullable JobError error() {
      return switch (outcome) {
        case Outcome.Succeeded succeeded -> null;
        case Outcome.Failed failed -> failed.error();
        case Outcome.TimedOut timedOut -> timedOut.error();
      };
    }

    byte @Nullable [] output() {
      return outcome instanceof Outcome.Succeeded succeeded && succeeded.output().size() > 0
          ? succeeded.output().bytes()
          : null;
    }

    @Nullable String files() {
      List<FileId> files =
          outcome instanceof Outcome.Succeeded succeeded ? succeeded.files() : List.of();
      return FileIds.text(files);
    }
  }

  /** What the statement tells of an outcome that is recorded. */
  private record Recorded(
      int place,
      TenantId tenant,
      String worker,
      @Nullable Instant runAt,
      @Nullable String uniqueKey,
      Instant grantedAt,
      @Nullable Instant startedAt,
      boolean callbacks,
      Instant expiresAt,
      int members,
      Head.Shares shares) {

    static Recorded of(Columns row) throws SQLException {
      return new Recorded(
          row.count(),
          new TenantId(row.text()),
          row.text(),
          row.optionalTime(),
          row.optionalText(),
          row.time(),
          row.optionalTime(),
          row.flag(),
          row.time(),
          row.count(),
          new Head.Shares(row.count(), null));
    }
  }

  private final Turn turn;
  private final List<Pending> gathered = new ArrayList<>();
  private final Set<JobId> jobs = new HashSet<>();

  Completions(Turn turn) {
    this.turn = turn;
  }

  boolean has(JobId job) {
    return jobs.contains(job);
  }

  /** Leaves a place among the results that {@link #flush} fills. */
  void add(List<Result> results, LeaseToken lease, Outcome outcome) {
    gathered.add(new Pending(results, results.size(), lease, outcome));
    jobs.add(lease.job());
    results.add(new Result.LeaseLost());
  }

  void flush() throws SQLException {
    if (gathered.isEmpty()) {
      return;
    }
    turn.bind(Sql.LOCK_LEASES).array("uuid", array(one -> Uuids.secret(one.lease()))).run();
    for (Recorded recorded : settle()) {
      record(gathered.get(recorded.place()), recorded);
    }
    gathered.clear();
    jobs.clear();
  }

  private List<Recorded> settle() throws SQLException {
    Integer[] places = new Integer[gathered.size()];
    Arrays.setAll(places, i -> i);
    return turn.bind(Sql.SETTLE)
        .time(turn.now())
        .duration(Retention.DEFAULT.of(JobStatus.SUCCEEDED))
        .duration(Retention.DEFAULT.of(JobStatus.FAILED))
        .array("integer", places)
        .array("uuid", array(one -> Uuids.of(one.lease().job())))
        .array("bigint", array(one -> one.lease().fence()))
        .array("uuid", array(one -> Uuids.secret(one.lease())))
        .array("text", array(one -> one.phase().status().wire()))
        .array("bytea", bytes(Pending::output))
        .array("text", array(Pending::files))
        .array("bigint", array(one -> one.usage().inputTokens()))
        .array("bigint", array(one -> one.usage().outputTokens()))
        .array("bigint", array(one -> one.usage().costMicros()))
        .array("text", array(of(error -> error.code().wire())))
        .array("text", array(of(JobError::message)))
        .array("boolean", array(of(JobError::retryable)))
        .array("integer", array(of(JobError::attempt)))
        .array("bytea", bytes(one -> upstream(one.error())))
        .list(Recorded::of);
  }

  private static byte @Nullable [] upstream(@Nullable JobError error) {
    Payload upstream = error == null ? null : error.upstream();
    return upstream == null ? null : upstream.bytes();
  }

  private static Function<Pending, @Nullable Object> of(Function<JobError, Object> member) {
    return one -> one.error() == null ? null : member.apply(one.error());
  }

  private @Nullable Object[] array(Function<Pending, ? extends @Nullable Object> member) {
    @Nullable Object[] values = new Object[gathered.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = member.apply(gathered.get(i));
    }
    return values;
  }

  private @Nullable Object[] bytes(Function<Pending, byte @Nullable []> member) {
    @Nullable Object[] values = new byte[gathered.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = member.apply(gathered.get(i));
    }
    return values;
  }

  private void record(Pending one, Recorded recorded) throws SQLException {
    JobId id = one.lease().job();
    Phase phase = one.phase();
    turn.news().changed(id, phase);
    turn.news().due(Upkeep.PRUNE, recorded.expiresAt());
    turn.settled(recorded.worker(), id, one.lease().fence());
    if (recorded.members() > 1) {
      UUID lease = Uuids.secret(one.lease());
      turn.after(() -> turn.holdings().end(lease, 1));
    }
    giveKeyBack(id, recorded);
    if (recorded.callbacks()) {
      Resumption.spend(turn, id);
    }
    ReuseStep.ended(turn, id, recorded.tenant(), recorded.shares(), phase);
    JobError error = one.error();
    boolean dead =
        error != null
            && !recorded.shares().shared()
            && Ends.deadLetter(
                turn, new Ends.Ended(id, recorded.tenant(), recorded.worker()), phase, error);
    Instant startedAt = recorded.startedAt();
    Finish.Times times =
        new Finish.Times(
            recorded.runAt(),
            startedAt == null ? recorded.grantedAt() : startedAt,
            recorded.grantedAt(),
            turn.now());
    Result.Settled settled =
        new Result.Settled(Finish.of(recorded.worker(), phase, id.createdAt(), times), dead);
    one.results().set(one.place(), settled);
  }

  private void giveKeyBack(JobId id, Recorded recorded) throws SQLException {
    if (recorded.uniqueKey() != null) {
      turn.bind(Sql.DELETE_OPEN_KEY)
          .text(recorded.tenant().value())
          .text(recorded.worker())
          .text(recorded.uniqueKey())
          .id(id)
          .update();
    }
  }
}
