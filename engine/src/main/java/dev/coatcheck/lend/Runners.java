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
import java.util.function.UnaryOperator;
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
      int waiting) {

    private Known calling(Order order) {
      return new Known(
          id,
          order.name(),
          order.version(),
          Set.copyOf(order.workers()),
          firstSeenAt,
          lastSeenAt,
          waiting + 1);
    }

    private Known called() {
      return new Known(id, name, version, workers, firstSeenAt, lastSeenAt, waiting - 1);
    }

    private Known seen(Instant now) {
      return new Known(id, name, version, workers, firstSeenAt, now, waiting);
    }
  }

  private final Machine machine;
  private final Duration silence;
  private final Map<RunnerId, Known> entries = new ConcurrentHashMap<>();

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
    update(id, known -> known.calling(order));
  }

  /** A call for work ends. */
  void left(RunnerId id) {
    update(id, Known::called);
  }

  void heard(RunnerId id) {
    update(id, known -> known);
  }

  private void update(RunnerId id, UnaryOperator<Known> change) {
    if (entries.size() >= MAX) {
      forget();
    }
    Instant now = machine.now();
    entries.compute(
        id,
        (key, present) -> {
          Known known =
              present == null ? new Known(id, null, null, Set.of(), now, now, 0) : present;
          return change.apply(known.seen(now));
        });
  }

  /** Those that are not gone, longest known first. */
  public List<Known> live() {
    forget();
    return entries.values().stream()
        .sorted(
            Comparator.comparing(Known::firstSeenAt).thenComparingLong(known -> known.id().high()))
        .toList();
  }

  /** How many take jobs of the worker. */
  public int of(String worker) {
    forget();
    int count = 0;
    for (Known known : entries.values()) {
      count += known.workers().contains(worker) ? 1 : 0;
    }
    return count;
  }

  private void forget() {
    Instant before = machine.now().minus(silence);
    entries.values().removeIf(known -> known.waiting() <= 0 && known.lastSeenAt().isBefore(before));
  }
}
