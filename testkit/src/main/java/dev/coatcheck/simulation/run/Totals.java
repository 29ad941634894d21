package dev.coatcheck.simulation.run;

import dev.coatcheck.simulation.faults.Fault;
import dev.coatcheck.simulation.world.Simulation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What many runs came to, all together. */
public final class Totals {

  /** A seed that broke an invariant, and the first one that it broke. */
  public record Failed(long seed, String what) {}

  private long seeds;
  private long events;
  private long simulatedMillis;
  private long commits;
  private long acknowledged;
  private long paidCalls;
  private long elapsedMillis;
  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final List<Failed> failed = new ArrayList<>();

  /** Adds one run; may be called from any thread. */
  synchronized void add(Simulation.Outcome outcome) {
    seeds++;
    events += outcome.events();
    simulatedMillis += outcome.simulated().toMillis();
    commits += outcome.commits();
    acknowledged += outcome.acknowledged();
    paidCalls += outcome.paidCalls();
    outcome.injected().forEach((fault, times) -> faults.merge(fault, times, Long::sum));
    if (!outcome.sound()) {
      failed.add(new Failed(outcome.plan().seed(), outcome.failures().getFirst().toString()));
    }
  }

  /** Adds what an earlier campaign wrote down. */
  synchronized void add(ResultFile.Campaign earlier) {
    seeds += earlier.seeds();
    events += earlier.events();
    simulatedMillis += earlier.simulatedMillis();
    commits += earlier.commits();
    acknowledged += earlier.acknowledged();
    paidCalls += earlier.paidCalls();
    elapsedMillis += earlier.elapsedMillis();
    earlier
        .faults()
        .forEach((fault, times) -> faults.merge(Fault.valueOf(fault), times, Long::sum));
    failed.addAll(earlier.failed());
  }

  synchronized void took(long millis) {
    elapsedMillis += millis;
  }

  public synchronized long seeds() {
    return seeds;
  }

  public synchronized long events() {
    return events;
  }

  public synchronized List<Failed> failed() {
    return List.copyOf(failed);
  }

  synchronized ResultFile.Campaign campaign(long from, long next, ResultFile.Origin origin) {
    Map<String, Long> byName = new TreeMap<>();
    faults.forEach((fault, times) -> byName.put(fault.name(), times));
    return new ResultFile.Campaign(
        from,
        next,
        seeds,
        events,
        simulatedMillis,
        commits,
        acknowledged,
        paidCalls,
        elapsedMillis,
        byName,
        failed(),
        origin);
  }
}
