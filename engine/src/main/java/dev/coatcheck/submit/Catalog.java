package dev.coatcheck.submit;

import dev.coatcheck.worker.WorkerSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The workers known here, each under its current contract. */
public final class Catalog {

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  /** A worker's contract and the version under which the store knows it. */
  public record Entry(WorkerSpec spec, int version) {}

  public void put(WorkerSpec spec, int version) {
    entries.put(spec.name(), new Entry(spec, version));
  }

  public Optional<Entry> get(String worker) {
    return Optional.ofNullable(entries.get(worker));
  }

  /** All workers by name. */
  public List<Entry> all() {
    return entries.values().stream()
        .sorted((a, b) -> a.spec().name().compareTo(b.spec().name()))
        .toList();
  }
}
