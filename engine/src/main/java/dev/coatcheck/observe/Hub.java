package dev.coatcheck.observe;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Signal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Tells those who watch a job that it changed. Costs one map look-up for a job nobody watches. */
public final class Hub {

  private final Machine machine;
  private final AtomicLong next = new AtomicLong();
  private final Map<JobId, Set<Watch>> watches = new ConcurrentHashMap<>();

  public Hub(Machine machine) {
    this.machine = machine;
  }

  /** Starts watching; close it when done. A change after this call raises the watch. */
  public Watch watch(JobId job, boolean onlyDone) {
    Watch watch = new Watch(next.incrementAndGet(), job, onlyDone, machine.signal());
    watches.compute(
        job,
        (id, set) -> {
          Set<Watch> present = set == null ? ConcurrentHashMap.newKeySet() : set;
          present.add(watch);
          return present;
        });
    return watch;
  }

  /** Raises the watches of a job; returns at once. */
  public void changed(JobId job, Phase phase) {
    Set<Watch> watching = watches.get(job);
    if (watching != null) {
      for (Watch watch : watching) {
        if (!watch.onlyDone || phase.done()) {
          watch.signal.raise();
        }
      }
    }
  }

  /** The jobs that somebody watches, in their order. */
  public SortedSet<JobId> watched() {
    return new TreeSet<>(watches.keySet());
  }

  /** Raises every watch, so that its owner looks whether it should go on. */
  public void raiseAll() {
    watches.values().forEach(set -> set.forEach(watch -> watch.signal.raise()));
  }

  /** One look-out for changes of one job. */
  public final class Watch implements AutoCloseable {

    private final long number;
    private final JobId job;
    private final boolean onlyDone;
    private final Signal signal;

    private Watch(long number, JobId job, boolean onlyDone, Signal signal) {
      this.number = number;
      this.job = job;
      this.onlyDone = onlyDone;
      this.signal = signal;
    }

    /** Waits for a change since the last call; false if none came within the time. */
    public boolean await(Duration atMost) throws InterruptedException {
      return signal.await(atMost);
    }

    /** By the order of coming, so that a simulation repeats itself. */
    @Override
    public int hashCode() {
      return Long.hashCode(number);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public void close() {
      watches.computeIfPresent(
          job,
          (id, set) -> {
            set.remove(this);
            return set.isEmpty() ? null : set;
          });
    }
  }
}
