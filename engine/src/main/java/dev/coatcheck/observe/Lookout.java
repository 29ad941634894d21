package dev.coatcheck.observe;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.Progressed;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.worker.Execution;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second whether jobs have changed that are watched or run here, for hints of what
 * other processes did may be lost. Costs nothing while there are none.
 */
public final class Lookout {

  private static final Logger log = LoggerFactory.getLogger(Lookout.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** With very many watched, a look takes at most this part of the time. */
  private static final int PART = 10;

  /** Jobs of one look at the store. */
  private static final int MOST = 1_000;

  private final Reader reader;
  private final Machine machine;
  private final Supplier<SortedSet<JobId>> ofInterest;
  private final BiConsumer<JobId, Phase> changed;
  private final Signal stop;
  private final Task task;
  private Map<JobId, Progressed> seen = Map.of();
  private volatile boolean stopping;

  /**
   * Begins to look.
   *
   * @param ofInterest the jobs to look at
   * @param changed is told of those that have changed, and of those that were not looked at before
   */
  public Lookout(
      Reader reader,
      Machine machine,
      Supplier<SortedSet<JobId>> ofInterest,
      BiConsumer<JobId, Phase> changed) {
    this.reader = reader;
    this.machine = machine;
    this.ofInterest = ofInterest;
    this.changed = changed;
    this.stop = machine.signal();
    this.task = machine.fork("coatcheck-lookout", Execution.IO, this::run);
  }

  public void stop() throws InterruptedException {
    stopping = true;
    stop.raise();
    task.join(Duration.ofSeconds(10));
  }

  private void run() {
    try {
      Duration pause = PERIOD;
      while (!stopping) {
        stop.await(pause);
        long start = machine.nanos();
        look();
        Duration rest = Duration.ofNanos((machine.nanos() - start) * (PART - 1));
        pause = rest.compareTo(PERIOD) > 0 ? rest : PERIOD;
      }
    } catch (InterruptedException interrupted) {
      log.warn("the look-out was interrupted");
    }
  }

  private void look() {
    try {
      Map<JobId, Progressed> now = new LinkedHashMap<>();
      Iterator<JobId> left = ofInterest.get().iterator();
      while (left.hasNext() && !stopping) {
        for (Progressed job : reader.progressed(next(left))) {
          now.put(job.job(), job);
        }
      }
      for (Progressed job : now.values()) {
        Progressed before = seen.get(job.job());
        // One that is new here may have changed between the watcher's own look and this one.
        if (!job.equals(before)) {
          changed.accept(job.job(), job.phase());
        }
      }
      seen = now;
    } catch (StoreUnavailableException trouble) {
      log.debug("could not look for changes: {}", trouble.getMessage());
    }
  }

  private static Set<JobId> next(Iterator<JobId> left) {
    Set<JobId> jobs = new LinkedHashSet<>();
    while (left.hasNext() && jobs.size() < MOST) {
      jobs.add(left.next());
    }
    return jobs;
  }
}
