package dev.coatcheck.submit;

import dev.coatcheck.runtime.Machine;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The workers known here, each under its current contract, and former versions when asked for. */
public final class Catalog {

  private static final int FORMER_MAX = 10_000;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Reader reader;
  private final Machine machine;
  private final Predicate<KnownWorker> lent;
  private final Map<String, KnownWorker> current = new ConcurrentHashMap<>();
  private final Set<String> paused = ConcurrentHashMap.newKeySet();
  private final Map<Version, WorkerSpec> former = new ConcurrentHashMap<>();

  private volatile long lookedAt;

  private record Version(String worker, int version) {}

  /**
   * None at first.
   *
   * @param lent which workers are of all processes alike: their jobs are run elsewhere
   */
  public Catalog(Reader reader, Machine machine, Predicate<KnownWorker> lent) {
    this.reader = reader;
    this.machine = machine;
    this.lookedAt = machine.nanos();
    this.lent = lent;
  }

  /** Learns of what other processes have said of workers. */
  public void refresh() {
    Set<String> known = new HashSet<>();
    for (KnownWorker worker : reader.workers()) {
      known.add(worker.spec().name());
      pause(worker.spec().name(), worker.paused());
      if (lent.test(worker)) {
        put(worker);
      }
    }
    current.values().removeIf(worker -> lent.test(worker) && !known.contains(worker.spec().name()));
  }

  /** Makes a worker known; an older version than the present one is not taken. */
  public void put(KnownWorker worker) {
    current.merge(
        worker.spec().name(),
        worker,
        (present, next) -> next.version() >= present.version() ? next : present);
  }

  /** The worker is no longer in use. */
  public void remove(String worker) {
    current.remove(worker);
  }

  /** Whether the worker's jobs may start; told apart from its contract, which it outlives. */
  public void pause(String worker, boolean pause) {
    if (pause) {
      paused.add(worker);
    } else {
      paused.remove(worker);
    }
  }

  /** A worker that is known here, or was made known by another process a moment ago. */
  public Optional<KnownWorker> get(String worker) {
    if (!current.containsKey(worker)) {
      look();
    }
    return Optional.ofNullable(current.get(worker)).map(this::asItIs);
  }

  /** Who asks for names that nobody knows costs the store no more than a look now and then. */
  private void look() {
    long now = machine.nanos();
    if (now - lookedAt >= BETWEEN_LOOKS.toNanos()) {
      lookedAt = now;
      refresh();
    }
  }

  /** The contract that a job of this version was accepted under; the defaults if it is unknown. */
  public WorkerSpec version(String worker, int version) {
    KnownWorker known = current.get(worker);
    return known != null && known.version() == version ? known.spec() : former(worker, version);
  }

  private WorkerSpec former(String worker, int version) {
    Version key = new Version(worker, version);
    WorkerSpec spec = former.get(key);
    if (spec == null) {
      spec = reader.worker(worker, version).orElseGet(() -> WorkerSpec.of(worker));
      if (former.size() < FORMER_MAX) {
        former.put(key, spec);
      }
    }
    return spec;
  }

  /** All workers by name. */
  public List<KnownWorker> all() {
    return current.values().stream()
        .map(this::asItIs)
        .sorted(Comparator.comparing(worker -> worker.spec().name()))
        .toList();
  }

  private KnownWorker asItIs(KnownWorker worker) {
    boolean now = paused.contains(worker.spec().name());
    return now == worker.paused()
        ? worker
        : new KnownWorker(worker.spec(), worker.version(), worker.source(), now);
  }
}
