package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.store.base.Lanes;
import dev.coatcheck.store.base.Weights;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs each worker has in each state. Changed by the writer thread within a transaction;
 * readers see what was last committed.
 */
final class Counters {

  private static final WorkerCounts NONE = new WorkerCounts(0, 0, 0, 0, 0, 0, null);

  private static final class Tally {
    final Lanes lanes;

    /** Ready jobs by the millisecond in which they became ready. */
    final TreeMap<Long, Long> readySince = new TreeMap<>();

    long ready;
    long waiting;
    long running;
    long suspended;
    long following;
    long deadLetters;

    Tally(Weights weights) {
      lanes = new Lanes(weights);
    }

    WorkerCounts counts() {
      Instant oldest = readySince.isEmpty() ? null : Instant.ofEpochMilli(readySince.firstKey());
      return new WorkerCounts(ready, waiting, running, suspended, following, deadLetters, oldest);
    }
  }

  private record Step(
      String worker, String lane, @Nullable Phase phase, @Nullable Instant readyAt, long by) {}

  private record LaneOf(String worker, String lane) {}

  private final Weights weights;

  private final Map<String, Tally> tallies = new HashMap<>();
  private final Map<String, WorkerCounts> published = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Long>> publishedReady = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Long>> publishedRunning = new ConcurrentHashMap<>();
  private final Deque<Step> journal = new ArrayDeque<>();

  Counters(Weights weights) {
    this.weights = weights;
  }

  /** As of the last commit. */
  WorkerCounts counts(String worker) {
    return published.getOrDefault(worker, NONE);
  }

  /** Ready jobs of each lane that has some, as of the last commit. */
  Map<String, Long> lanes(String worker) {
    return publishedReady.getOrDefault(worker, Map.of());
  }

  /** Running jobs of a lane, as of the last commit. */
  long running(String worker, String lane) {
    return publishedRunning.getOrDefault(worker, Map.of()).getOrDefault(lane, 0L);
  }

  /** The lanes of a worker, within the transaction under way. */
  Lanes within(String worker) {
    return tally(worker).lanes;
  }

  /** Within the transaction under way. */
  long ready(String worker) {
    Tally tally = tallies.get(worker);
    return tally == null ? 0 : tally.ready;
  }

  /** Held by runners, within the transaction under way. */
  long running(String worker) {
    Tally tally = tallies.get(worker);
    return tally == null ? 0 : tally.running;
  }

  /** Not done, within the transaction under way. */
  long open(String worker) {
    Tally tally = tallies.get(worker);
    return tally == null ? 0 : tally.counts().open();
  }

  /** Counted against the limit of the queue, within the transaction under way. */
  long queued(String worker) {
    Tally tally = tallies.get(worker);
    return tally == null ? 0 : tally.counts().queued();
  }

  void enter(String worker, String lane, Phase phase, @Nullable Instant readyAt) {
    take(new Step(worker, lane, phase, readyAt, 1));
  }

  void leave(String worker, String lane, Phase phase, @Nullable Instant readyAt) {
    take(new Step(worker, lane, phase, readyAt, -1));
  }

  void deadLetters(String worker, long by) {
    take(new Step(worker, "", null, null, by));
  }

  void keep() {
    Set<String> touched = new HashSet<>();
    Set<LaneOf> lanes = new HashSet<>();
    LaneOf last = new LaneOf("", "");
    for (Step step : journal) {
      // Most have the same as the one before.
      if (!step.lane().equals(last.lane()) || !step.worker().equals(last.worker())) {
        last = new LaneOf(step.worker(), step.lane());
        touched.add(last.worker());
        lanes.add(last);
      }
    }
    for (String worker : touched) {
      published.put(worker, tally(worker).counts());
    }
    lanes.forEach(this::publish);
    journal.clear();
  }

  private void publish(LaneOf lane) {
    Lanes lanes = tally(lane.worker()).lanes;
    publish(publishedReady, lane, lanes.ready(lane.lane()));
    publish(publishedRunning, lane, lanes.running(lane.lane()));
  }

  private static void publish(Map<String, Map<String, Long>> published, LaneOf lane, long jobs) {
    Map<String, Long> lanes =
        published.computeIfAbsent(lane.worker(), worker -> new ConcurrentHashMap<>());
    if (jobs > 0) {
      lanes.put(lane.lane(), jobs);
    } else {
      lanes.remove(lane.lane());
    }
  }

  void undo() {
    while (!journal.isEmpty()) {
      Step step = journal.removeLast();
      apply(new Step(step.worker(), step.lane(), step.phase(), step.readyAt(), -step.by()));
    }
  }

  private void take(Step step) {
    apply(step);
    journal.addLast(step);
  }

  private void apply(Step step) {
    Tally tally = tally(step.worker());
    if (step.phase() == null) {
      tally.deadLetters += step.by();
      return;
    }
    switch (step.phase()) {
      case READY -> {
        tally.ready += step.by();
        tally.lanes.ready(step.lane(), step.by());
        if (step.readyAt() != null) {
          tally.readySince.merge(
              step.readyAt().toEpochMilli(), step.by(), (a, b) -> a + b == 0 ? null : a + b);
        }
      }
      case WAITING -> tally.waiting += step.by();
      case FOLLOWING -> tally.following += step.by();
      case RUNNING -> {
        tally.running += step.by();
        tally.lanes.running(step.lane(), step.by());
      }
      case SUSPENDED -> tally.suspended += step.by();
      case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> {}
    }
  }

  private Tally tally(String worker) {
    return tallies.computeIfAbsent(worker, w -> new Tally(weights));
  }
}
