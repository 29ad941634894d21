package dev.coatcheck.lend;

import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.runtime.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The runners that were heard of lately, as far as this process knows. */
public final class Runners {

  private static final int MAX = 100_000;

  /**
   * A runner elsewhere.
   *
   * @param waiting how many of its calls wait for work now
   */
  public record Known(
      RunnerId id,
      @Nullable String name,
      @Nullable String version,
      Set<String> workers,
      Instant firstSeenAt,
      Instant lastSeenAt,
      int waiting) {}

  private static final class Entry {
    final RunnerId id;
    final Instant firstSeenAt;
    volatile Instant lastSeenAt;
    volatile @Nullable String name;
    volatile @Nullable String version;
    volatile Set<String> workers = Set.of();
    volatile int waiting;

    Entry(RunnerId id, Instant now) {
      this.id = id;
      firstSeenAt = now;
      lastSeenAt = now;
    }

    Known known() {
      return new Known(id, name, version, workers, firstSeenAt, lastSeenAt, waiting);
    }
  }

  private final Machine machine;
  private final Duration silence;
  private final Map<RunnerId, Entry> entries = new ConcurrentHashMap<>();

  /**
   * An empty list.
   *
   * @param silence after how long without a word a runner counts as gone
   */
  Runners(Machine machine, Duration silence) {
    this.machine = machine;
    this.silence = silence;
  }

  /** A call for work begins. */
  void arrived(RunnerId id, Order order) {
    update(
        id,
        entry -> {
          entry.name = order.name();
          entry.version = order.version();
          entry.workers = Set.copyOf(order.workers());
          entry.waiting++;
        });
  }

  /** A call for work ends. */
  void left(RunnerId id) {
    update(id, entry -> entry.waiting--);
  }

  void heard(RunnerId id) {
    update(id, entry -> {});
  }

  private void update(RunnerId id, java.util.function.Consumer<Entry> change) {
    if (entries.size() >= MAX) {
      forget();
    }
    Instant now = machine.now();
    entries.compute(
        id,
        (key, present) -> {
          Entry entry = present == null ? new Entry(id, now) : present;
          entry.lastSeenAt = now;
          change.accept(entry);
          return entry;
        });
  }

  /** Those that are not gone, longest known first. */
  public List<Known> live() {
    forget();
    return entries.values().stream()
        .map(Entry::known)
        .sorted(Comparator.comparing(Known::firstSeenAt).thenComparing(known -> known.id().high()))
        .toList();
  }

  /** How many take jobs of the worker. */
  public int of(String worker) {
    forget();
    int count = 0;
    for (Entry entry : entries.values()) {
      count += entry.workers.contains(worker) ? 1 : 0;
    }
    return count;
  }

  private void forget() {
    Instant before = machine.now().minus(silence);
    entries.values().removeIf(entry -> entry.waiting <= 0 && entry.lastSeenAt.isBefore(before));
  }
}
