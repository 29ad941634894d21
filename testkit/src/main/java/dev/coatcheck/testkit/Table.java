package dev.coatcheck.testkit;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.base.Lanes;
import dev.coatcheck.store.base.Weights;
import dev.coatcheck.testkit.Agenda.Upkeep;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the nodes of one in-memory store share: the rows and everything that finds them. */
final class Table {

  static final Duration KEYS_KEPT = Duration.ofHours(24);
  static final Duration PRUNED_KEPT = Duration.ofDays(30);
  static final Duration IDS_KEPT = Duration.ofDays(400);
  static final Duration FILE_STILL_USED = Duration.ofHours(1);

  record Key(TenantId tenant, Payload key) {}

  record Unique(TenantId tenant, String worker, String key) {}

  /**
   * @param until null as long as the job exists
   */
  record Remembered(Payload fingerprint, JobId job, Instant at, @Nullable Instant until) {}

  record Kept(Row row, Instant until) {}

  record Pruned(TenantId tenant, Instant until) {}

  private static final Comparator<Row> ORDER =
      Comparator.<Row>comparingInt(row -> -row.urgency).thenComparingLong(row -> row.seq);

  private static final class Tally {
    final NavigableSet<Row> ready = new TreeSet<>(ORDER);
    final Map<String, NavigableSet<Row>> byLane = new HashMap<>();
    final Lanes lanes;
    long waiting;
    long running;
    long suspended;
    long following;
    long deadLetters;

    Tally(Weights weights) {
      lanes = new Lanes(weights);
    }

    NavigableSet<Row> lane(String lane) {
      return byLane.computeIfAbsent(lane, name -> new TreeSet<>(ORDER));
    }

    void count(Row row, int by) {
      switch (row.phase) {
        case READY -> lanes.ready(row.lane(), by);
        case WAITING -> waiting += by;
        case RUNNING -> {
          running += by;
          lanes.running(row.lane(), by);
        }
        case SUSPENDED -> suspended += by;
        case FOLLOWING -> following += by;
        case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> {}
      }
    }
  }

  final ReentrantLock lock = new ReentrantLock();
  final InstantSource clock;
  final RandomGenerator random;
  final Duration leaseDuration;
  final Set<String> indexed;
  final Weights weights;
  final TreeMap<JobId, Row> rows = new TreeMap<>();
  final Map<Key, Remembered> keys = new HashMap<>();
  final Map<JobId, Pruned> pruned = new HashMap<>();
  final Map<FileId, StoredFile> files = new HashMap<>();
  final Map<Unique, Row> unique = new HashMap<>();

  /** Runs under way that others may share. */
  final Map<Key, Row> flights = new HashMap<>();

  /** Successes that answer others. */
  final Map<Key, Kept> answers = new HashMap<>();

  /** Runs that are over, until all who shared them are told. */
  final Set<Row> landings = new LinkedHashSet<>();

  final Letters letters = new Letters();
  final Map<OperationId, Operation> operations = new HashMap<>();
  final WorkerBook workers = new WorkerBook();
  final ScheduleBook schedules = new ScheduleBook();
  final List<Restore> restores = new ArrayList<>();
  final Agenda agenda = new Agenda();
  final List<InMemoryStore> nodes = new CopyOnWriteArrayList<>();
  long seq;

  private final Map<String, Tally> tallies = new HashMap<>();

  Table(
      InstantSource clock,
      RandomGenerator random,
      Duration leaseDuration,
      Set<String> indexed,
      Weights weights) {
    this.clock = clock;
    this.random = random;
    this.leaseDuration = leaseDuration;
    this.indexed = indexed;
    this.weights = weights;
  }

  /** Takes a row out of all that finds it; to be done before a change, as {@link #put} after it. */
  void take(Row row) {
    Tally tally = tally(row.worker());
    if (row.phase == Phase.READY) {
      tally.ready.remove(row);
      tally.lane(row.lane()).remove(row);
    }
    tally.count(row, -1);
    agenda.remove(row);
  }

  void put(Row row) {
    Tally tally = tally(row.worker());
    if (row.phase == Phase.READY) {
      tally.ready.add(row);
      tally.lane(row.lane()).add(row);
    }
    tally.count(row, 1);
    agenda.add(row);
  }

  @Nullable Instant next(Upkeep upkeep) {
    Instant next = agenda.next(upkeep);
    if (upkeep == Upkeep.PRUNE) {
      for (Pruned entry : pruned.values()) {
        next = Row.earlier(next, entry.until());
      }
      for (Remembered key : keys.values()) {
        next = Row.earlier(next, key.until());
      }
      for (Kept answer : answers.values()) {
        next = Row.earlier(next, answer.until());
      }
      for (StoredFile file : files.values()) {
        next = Row.earlier(next, file.expiresAt());
      }
      for (Operation operation : operations.values()) {
        next = Row.earlier(next, forgottenAt(operation));
      }
    }
    return next;
  }

  NavigableSet<Row> ready(String worker) {
    return tally(worker).ready;
  }

  /** Ready jobs of one lane, the next first. */
  NavigableSet<Row> ready(String worker, String lane) {
    return tally(worker).lane(lane);
  }

  /** Ready jobs of each lane. */
  Map<String, Long> readyByLane(String worker) {
    Map<String, Long> ready = new HashMap<>();
    tally(worker).byLane.forEach((lane, rows) -> ready.put(lane, (long) rows.size()));
    return ready;
  }

  Lanes lanes(String worker) {
    return tally(worker).lanes;
  }

  boolean limited(String worker) {
    WorkerSpec spec = workers.current(worker);
    return spec.concurrency() < WorkerSpec.UNLIMITED
        || spec.concurrencyPerKey() < WorkerSpec.UNLIMITED;
  }

  /** Whether one more job of the lane may run. */
  boolean room(String worker, String lane) {
    WorkerSpec spec = workers.current(worker);
    Tally tally = tally(worker);
    return tally.running < spec.concurrency()
        && tally.lanes.running(lane) < spec.concurrencyPerKey();
  }

  long running(String worker) {
    return tally(worker).running;
  }

  long queued(String worker) {
    Tally tally = tally(worker);
    return tally.ready.size() + tally.waiting + tally.following;
  }

  void deadLetter(Row row, DeadLetter dead) {
    letters.add(row, dead);
    tally(row.worker()).deadLetters++;
  }

  /** Decides on the dead letter of a job, if it has one that is open; whether it had. */
  boolean closeDeadLetter(Row row, DeadLetter.State state, @Nullable JobId as) {
    boolean open = letters.close(row.id(), state, as);
    tally(row.worker()).deadLetters -= open ? 1 : 0;
    return open;
  }

  void forgetDeadLetter(Row row) {
    tally(row.worker()).deadLetters -= letters.remove(row.id()) ? 1 : 0;
  }

  WorkerCounts counts(String worker) {
    Tally tally = tally(worker);
    Instant oldest = null;
    for (Row row : tally.ready) {
      oldest = Row.earlier(oldest, row.readyAt);
    }
    return new WorkerCounts(
        tally.ready.size(),
        tally.waiting,
        tally.running,
        tally.suspended,
        tally.following,
        tally.deadLetters,
        oldest);
  }

  @Nullable Remembered remembered(TenantId tenant, Idempotency idempotency) {
    return keys.get(new Key(tenant, idempotency.key()));
  }

  void remember(Key key, Remembered remembered, Row answer) {
    keys.put(key, remembered);
    answer.keys.add(key);
  }

  /** The keys of a job that goes: kept on until they are old enough. */
  void orphanKeys(Row row, Instant now) {
    for (Key key : row.keys) {
      Remembered old = Objects.requireNonNull(keys.get(key));
      Instant until = old.at().plus(KEYS_KEPT);
      keys.put(key, new Remembered(old.fingerprint(), old.job(), old.at(), until));
    }
    forget(now);
  }

  /** Drops what is kept of pruned jobs when its time has come. */
  void forget(Instant now) {
    keys.values().removeIf(key -> key.until() != null && !key.until().isAfter(now));
    answers.values().removeIf(answer -> !answer.until().isAfter(now));
    pruned.values().removeIf(entry -> !entry.until().isAfter(now));
    operations.values().removeIf(operation -> isOver(operation, now));
  }

  private static boolean isOver(Operation operation, Instant now) {
    Instant at = forgottenAt(operation);
    return at != null && !at.isAfter(now);
  }

  private static @Nullable Instant forgottenAt(Operation operation) {
    Instant finished = operation.finishedAt();
    return finished == null ? null : finished.plus(Command.OPERATION_KEPT);
  }

  @Nullable StoredFile file(TenantId tenant, FileId id) {
    StoredFile file = files.get(id);
    return file != null && file.tenant().equals(tenant) ? file : null;
  }

  /** Deletes expired files; one that an open job refers to stays for another hour. */
  int pruneFiles(Instant now, int max) {
    List<StoredFile> due =
        files.values().stream()
            .filter(file -> !file.expiresAt().isAfter(now))
            .sorted(Comparator.comparing(StoredFile::expiresAt))
            .limit(max)
            .toList();
    for (StoredFile file : due) {
      boolean used =
          rows.values().stream()
              .anyMatch(row -> !row.phase.done() && row.born.files().contains(file.id()));
      if (used) {
        files.put(file.id(), file.until(now.plus(FILE_STILL_USED)));
      } else {
        files.remove(file.id());
      }
    }
    return due.size();
  }

  @Nullable Row holder(TenantId tenant, String worker, @Nullable String uniqueKey) {
    return uniqueKey == null ? null : unique.get(new Unique(tenant, worker, uniqueKey));
  }

  @Nullable Row row(JobId id) {
    return rows.get(id);
  }

  @Nullable Row row(TenantId tenant, JobId id) {
    Row row = rows.get(id);
    return row != null && row.born.tenant().equals(tenant) ? row : null;
  }

  private Tally tally(String worker) {
    return tallies.computeIfAbsent(worker, w -> new Tally(weights));
  }
}
