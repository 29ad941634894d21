package dev.coatcheck.observe;

import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Reader.Finished;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Durations and success of each worker over the last 15 minutes, else over its last 20 jobs. */
public final class Stats {

  private static final int MINUTES = 15;
  private static final int LAST = 20;
  private static final Duration WINDOW = Duration.ofMinutes(MINUTES);

  private final Map<String, Window> windows = new ConcurrentHashMap<>();

  public void add(Finished job) {
    if (job.phase() != Phase.CANCELED) {
      windows.computeIfAbsent(job.worker(), name -> new Window()).add(job);
    }
  }

  public WorkerStats of(String worker, Instant now) {
    return windows.computeIfAbsent(worker, name -> new Window()).stats(now);
  }

  private static final class Window {

    private final Minute[] minutes = new Minute[MINUTES + 1];
    private final Deque<Finished> last = new ArrayDeque<>();

    synchronized void add(Finished job) {
      last.addLast(job);
      if (last.size() > LAST) {
        last.removeFirst();
      }
      long minute = minute(job.finishedAt());
      int slot = (int) (minute % minutes.length);
      Minute present = minutes[slot];
      if (present == null || present.minute < minute) {
        present = new Minute(minute);
        minutes[slot] = present;
      }
      if (present.minute == minute) {
        present.add(job);
      }
    }

    synchronized WorkerStats stats(Instant now) {
      Minute sum = new Minute(0);
      long newest = minute(now);
      for (Minute minute : minutes) {
        if (minute != null && minute.minute > newest - MINUTES && minute.minute <= newest) {
          sum.addAll(minute);
        }
      }
      if (sum.finished > 0) {
        return sum.stats(WINDOW);
      }
      last.forEach(sum::add);
      return sum.stats(Duration.ZERO);
    }

    private static long minute(Instant at) {
      return Math.floorDiv(at.getEpochSecond(), 60);
    }
  }

  private static final class Minute {

    private final long minute;
    private final Histogram ran = new Histogram();
    private final Histogram waited = new Histogram();
    private long finished;
    private long succeeded;

    Minute(long minute) {
      this.minute = minute;
    }

    void add(Finished job) {
      finished++;
      if (job.phase() == Phase.SUCCEEDED) {
        succeeded++;
      }
      Duration duration = job.ran();
      if (duration != null) {
        waited.add(job.waited().toMillis());
        if (job.phase() == Phase.SUCCEEDED) {
          ran.add(duration.toMillis());
        }
      }
    }

    void addAll(Minute other) {
      finished += other.finished;
      succeeded += other.succeeded;
      ran.addAll(other.ran);
      waited.addAll(other.waited);
    }

    WorkerStats stats(Duration window) {
      double rate = finished == 0 ? 1 : (double) succeeded / finished;
      return new WorkerStats(window, finished, rate, spread(ran), spread(waited));
    }

    private static WorkerStats.Spread spread(Histogram histogram) {
      return new WorkerStats.Spread(
          histogram.total(), histogram.mean(), histogram.quantile(0.5), histogram.quantile(0.95));
    }
  }
}
