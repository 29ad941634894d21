package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobStatus;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.WorkerDocument;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The current definition of every worker, and what is said of it, as of one change of them. All
 * nodes learn of a change at the beginning of their next transaction.
 *
 * @param change which it was
 */
record Workers(long change, Map<String, Current> current) {

  /**
   * A worker that was made known once.
   *
   * @param document the definition as it is stored
   * @param removed whether it is out of use
   */
  record Current(
      WorkerSpec spec,
      int version,
      String source,
      String document,
      boolean paused,
      boolean removed) {

    static Current of(Columns row) throws SQLException {
      String name = row.text();
      int version = row.count();
      String source = row.text();
      String document = row.text();
      WorkerSpec spec = WorkerDocument.parse(name, document);
      return new Current(spec, version, source, document, row.flag(), row.flag());
    }

    KnownWorker known() {
      return new KnownWorker(spec, version, source, paused);
    }

    Current in(boolean pause, boolean remove) {
      return new Current(spec, version, source, document, pause, remove);
    }
  }

  static Workers load(Session session, long change) throws SQLException {
    Map<String, Current> current = new HashMap<>();
    for (Current worker : session.bind(Sql.CURRENT_WORKERS).list(Current::of)) {
      current.put(worker.spec().name(), worker);
    }
    return new Workers(change, Map.copyOf(current));
  }

  Instant expiry(String worker, JobStatus status, Instant now) {
    return now.plus(spec(worker).retention().of(status));
  }

  int maxLost(String worker) {
    return spec(worker).maxLost();
  }

  boolean deadLetters(String worker) {
    return spec(worker).deadLetters();
  }

  /** Jobs of the worker that may run at once. */
  long concurrency(String worker) {
    return spec(worker).concurrency();
  }

  /** Jobs of one lane of the worker that may run at once. */
  long concurrencyPerKey(String worker) {
    return spec(worker).concurrencyPerKey();
  }

  /** Whether the lanes of the worker have a limit of their own. */
  boolean perKey(String worker) {
    return concurrencyPerKey(worker) < WorkerSpec.UNLIMITED;
  }

  boolean limited(String worker) {
    return concurrency(worker) < WorkerSpec.UNLIMITED || perKey(worker);
  }

  boolean paused(String worker) {
    Current known = current.get(worker);
    return known != null && known.paused();
  }

  private WorkerSpec spec(String worker) {
    Current known = current.get(worker);
    return known == null ? WorkerSpec.of(worker) : known.spec();
  }

  /** The retry policy of the version that the job was accepted under. */
  RetryPolicy retry(Turn turn, Head head) throws SQLException {
    Current known = current.get(head.worker());
    if (known != null && known.version() == head.workerVersion()) {
      return known.spec().retry();
    }
    return version(turn.session(), head.worker(), head.workerVersion())
        .map(WorkerSpec::retry)
        .orElse(RetryPolicy.DEFAULT);
  }

  static Optional<WorkerSpec> version(Session session, String name, int version)
      throws SQLException {
    return Optional.ofNullable(
        session
            .bind(Sql.WORKER_VERSION)
            .text(name)
            .number(version)
            .first(row -> WorkerDocument.parse(name, row.text())));
  }

  /** What is current now, which nobody else changes until the end of the transaction. */
  private static Workers lock(Turn turn) throws SQLException {
    turn.flush();
    return load(turn.session(), turn.bind(Sql.WORKERS_CHANGED).count());
  }

  static Result.Defined define(Turn turn, Command.Define command) throws SQLException {
    WorkerSpec spec = command.spec();
    String document = WorkerDocument.of(spec);
    Current now = turn.workers().current().get(spec.name());
    if (now != null
        && !now.removed()
        && now.document().equals(document)
        && now.source().equals(command.source())) {
      return new Result.Defined(now.version(), false);
    }
    Workers workers = lock(turn);
    Current last = workers.current().get(spec.name());
    boolean created = last == null || last.removed();
    boolean same = last != null && last.document().equals(document);
    int version = last == null ? 1 : same ? last.version() : last.version() + 1;
    if (same) {
      turn.bind(Sql.SET_SOURCE).text(spec.name()).number(version).text(command.source()).update();
    } else {
      turn.bind(Sql.INSERT_WORKER)
          .text(spec.name())
          .number(version)
          .text(command.source())
          .text(document)
          .time(turn.now())
          .update();
    }
    if (last != null && otherLimits(last.spec(), spec)) {
      turn.bind(Sql.LOCK_WORKER).text(spec.name()).run();
      turn.bind(Sql.REVOKE_PERMITS).text(spec.name()).update();
    }
    boolean paused = last != null && last.paused();
    workers.set(turn, new Current(spec, version, command.source(), document, paused, false));
    return new Result.Defined(version, created);
  }

  private static boolean otherLimits(WorkerSpec before, WorkerSpec now) {
    return before.concurrency() != now.concurrency()
        || before.concurrencyPerKey() != now.concurrencyPerKey();
  }

  static Result.RemoveResult remove(Turn turn, String worker) throws SQLException {
    Workers workers = lock(turn);
    Current known = workers.current().get(worker);
    if (known == null || known.removed()) {
      return new Result.NoSuchWorker();
    }
    WorkerCounts counts = turn.counters().counts(worker);
    if (counts.open() > 0) {
      return new Result.InUse(counts.open());
    }
    workers.set(turn, known.in(known.paused(), true));
    return new Result.Removed();
  }

  static Result.PauseResult pause(Turn turn, String worker, boolean paused) throws SQLException {
    Workers workers = lock(turn);
    Current known = workers.current().get(worker);
    if (known == null || known.removed()) {
      return new Result.NoSuchWorker();
    }
    workers.set(turn, known.in(paused, false));
    if (!paused && turn.intake().anyReady(worker)) {
      turn.news().work(worker);
    }
    return new Result.PauseSet();
  }

  private void set(Turn turn, Current now) throws SQLException {
    turn.bind(Sql.SET_WORKER_STATE)
        .text(now.spec().name())
        .flag(now.paused())
        .flag(now.removed())
        .duration(now.spec().retention().succeeded())
        .duration(now.spec().retention().failed())
        .update();
    Map<String, Current> changed = new HashMap<>(current);
    changed.put(now.spec().name(), now);
    turn.workers(new Workers(change, Map.copyOf(changed)));
  }
}
