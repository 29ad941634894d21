package dev.coatcheck.testkit;

import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Result;
import dev.coatcheck.worker.WorkerSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The workers of the in-memory store: every version of each, who is in use, who is paused. */
final class WorkerBook {

  private static final class Entry {
    final List<WorkerSpec> versions = new ArrayList<>();
    String source = "";
    boolean inUse;
  }

  private final Map<String, Entry> entries = new TreeMap<>();

  /** Apart from the entries: what is paused stays so whatever becomes of its definition. */
  private final Set<String> paused = new HashSet<>();

  Result.Defined define(WorkerSpec spec, String source) {
    Entry entry = entries.computeIfAbsent(spec.name(), name -> new Entry());
    boolean created = !entry.inUse;
    if (entry.versions.isEmpty() || !entry.versions.getLast().equals(spec)) {
      entry.versions.add(spec);
    }
    entry.source = source;
    entry.inUse = true;
    return new Result.Defined(entry.versions.size(), created);
  }

  boolean inUse(String worker) {
    Entry entry = entries.get(worker);
    return entry != null && entry.inUse;
  }

  void remove(String worker) {
    Entry entry = entries.get(worker);
    if (entry != null) {
      entry.inUse = false;
    }
  }

  void pause(String worker, boolean pause) {
    if (pause) {
      paused.add(worker);
    } else {
      paused.remove(worker);
    }
  }

  boolean paused(String worker) {
    return paused.contains(worker);
  }

  /** The newest contract, in use or not; the defaults of a worker that never had one. */
  WorkerSpec current(String worker) {
    Entry entry = entries.get(worker);
    return entry == null ? WorkerSpec.of(worker) : entry.versions.getLast();
  }

  /** The contract of one version; the defaults if there is no such version. */
  WorkerSpec pinned(String worker, int version) {
    return version(worker, version).orElseGet(() -> WorkerSpec.of(worker));
  }

  Optional<WorkerSpec> version(String worker, int version) {
    @Nullable Entry entry = entries.get(worker);
    return entry == null || version < 1 || version > entry.versions.size()
        ? Optional.empty()
        : Optional.of(entry.versions.get(version - 1));
  }

  List<KnownWorker> all() {
    return entries.entrySet().stream()
        .filter(named -> named.getValue().inUse)
        .map(named -> known(named.getKey(), named.getValue()))
        .toList();
  }

  private KnownWorker known(String name, Entry entry) {
    return new KnownWorker(
        entry.versions.getLast(), entry.versions.size(), entry.source, paused(name));
  }
}
