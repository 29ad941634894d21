package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobStatus;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.WorkerDocument;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The current definition of every worker, and what is said of it. */
final class Workers {

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

  private Map<String, Current> current = new HashMap<>();
  private Map<String, Current> before = new HashMap<>();

  void load(Session session) throws SQLException {
    try (ResultSet rows = session.bind(Sql.CURRENT_WORKERS).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        Current worker = Current.of(row);
        current.put(worker.spec().name(), worker);
      }
    }
    before = new HashMap<>(current);
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

  boolean limited(String worker) {
    return concurrency(worker) < WorkerSpec.UNLIMITED
        || concurrencyPerKey(worker) < WorkerSpec.UNLIMITED;
  }

  boolean paused(String worker) {
    Current known = current.get(worker);
    return known != null && known.paused();
  }

  /** The retry policy of the version that the job was accepted under. */
  RetryPolicy retry(Turn turn, Head head) throws SQLException {
    Current known = current.get(head.worker());
    if (known != null && known.version() == head.workerVersion()) {
      return known.spec().retry();
    }
    return version(turn.bind(Sql.WORKER_VERSION), head.worker(), head.workerVersion())
        .map(WorkerSpec::retry)
        .orElse(RetryPolicy.DEFAULT);
  }

  static Optional<WorkerSpec> version(Bind query, String name, int version) throws SQLException {
    try (ResultSet rows = query.text(name).number(version).query()) {
      Columns row = new Columns(rows);
      return row.next() ? Optional.of(WorkerDocument.parse(name, row.text())) : Optional.empty();
    }
  }

  Result.Defined define(Turn turn, Command.Define command) throws SQLException {
    WorkerSpec spec = command.spec();
    Current last = current.get(spec.name());
    String document = WorkerDocument.of(spec);
    boolean created = last == null || last.removed();
    boolean same = last != null && last.document().equals(document);
    int version = last == null ? 1 : same ? last.version() : last.version() + 1;
    if (same) {
      turn.bind(Sql.SET_SOURCE).text(spec.name()).number(version).text(command.source()).update();
    } else {
      insert(turn, command, version, document);
    }
    boolean paused = last != null && last.paused();
    set(turn, new Current(spec, version, command.source(), document, paused, false), last);
    return new Result.Defined(version, created);
  }

  private static void insert(Turn turn, Command.Define command, int version, String document)
      throws SQLException {
    WorkerSpec spec = command.spec();
    turn.bind(Sql.INSERT_WORKER)
        .text(spec.name())
        .number(version)
        .text(command.source())
        .text(document)
        .time(turn.now())
        .number(spec.maxLost())
        .flag(spec.deadLetters())
        .duration(spec.retention().succeeded())
        .duration(spec.retention().failed())
        .duration(spec.retention().canceled())
        .update();
  }

  Result.RemoveResult remove(Turn turn, String worker) throws SQLException {
    turn.flush();
    Current known = current.get(worker);
    if (known == null || known.removed()) {
      return new Result.NoSuchWorker();
    }
    long open = turn.counters().open(worker);
    if (open > 0) {
      return new Result.InUse(open);
    }
    set(turn, known.in(known.paused(), true), known);
    return new Result.Removed();
  }

  Result.PauseResult pause(Turn turn, String worker, boolean paused) throws SQLException {
    turn.flush();
    Current known = current.get(worker);
    if (known == null || known.removed()) {
      return new Result.NoSuchWorker();
    }
    set(turn, known.in(paused, false), known);
    if (!paused && turn.counters().ready(worker) > 0) {
      turn.hints().work(worker);
    }
    return new Result.PauseSet();
  }

  private void set(Turn turn, Current now, @Nullable Current last) throws SQLException {
    current.put(now.spec().name(), now);
    boolean saidBefore =
        last != null && last.paused() == now.paused() && last.removed() == now.removed();
    boolean nothingToSay = last == null && !now.paused() && !now.removed();
    if (!saidBefore && !nothingToSay) {
      turn.bind(Sql.SET_WORKER_STATE)
          .text(now.spec().name())
          .flag(now.paused())
          .flag(now.removed())
          .update();
    }
  }

  void keep() {
    if (current.size() != before.size() || !current.equals(before)) {
      before = new HashMap<>(current);
    }
  }

  void undo() {
    current = new HashMap<>(before);
  }

  private WorkerSpec spec(String worker) {
    Current known = current.get(worker);
    return known == null ? WorkerSpec.of(worker) : known.spec();
  }
}
