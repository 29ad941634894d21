package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Reader.WorkerCounts;
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
    /** Ready jobs by the millisecond in which they became ready. */
    final TreeMap<Long, Long> readySince = new TreeMap<>();

    long ready;
    long waiting;
    long running;
    long suspended;
    long following;
    long deadLetters;

    WorkerCounts counts() {
      Instant oldest = readySince.isEmpty() ? null : Instant.ofEpochMilli(readySince.firstKey());
      return new WorkerCounts(
          ready, waiting, running, suspended, following, deadLetters, oldest);
    }
  }

  private record Step(String worker, @Nullable Phase phase, @Nullable Instant readyAt, long by) {}

  private final Map<String, Tally> tallies = new HashMap<>();
  private final Map<String, WorkerCounts> published = new ConcurrentHashMap<>();
  private final Deque<Step> journal = new ArrayDeque<>();

  /** As of the last commit. */
  WorkerCounts counts(String worker) {
    return published.getOrDefault(worker, NONE);
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

  void enter(String worker, Phase phase, @Nullable Instant readyAt) {
    take(new Step(worker, phase, readyAt, 1));
  }

  void leave(String worker, Phase phase, @Nullable Instant readyAt) {
    take(new Step(worker, phase, readyAt, -1));
  }

  void deadLetters(String worker, long by) {
    take(new Step(worker, null, null, by));
  }

  void keep() {
    Set<String> touched = new HashSet<>();
    for (Step step : journal) {
      touched.add(step.worker());
    }
    for (String worker : touched) {
      published.put(worker, tally(worker).counts());
    }
    journal.clear();
  }

  void undo() {
    while (!journal.isEmpty()) {
      Step step = journal.removeLast();
      apply(new Step(step.worker(), step.phase(), step.readyAt(), -step.by()));
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
        if (step.readyAt() != null) {
          tally.readySince.merge(
              step.readyAt().toEpochMilli(), step.by(), (a, b) -> a + b == 0 ? null : a + b);
        }
      }
      case WAITING -> tally.waiting += step.by();
      case FOLLOWING -> tally.following += step.by();
      case RUNNING -> tally.running += step.by();
      case SUSPENDED -> tally.suspended += step.by();
      case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> {}
    }
  }

  private Tally tally(String worker) {
    return tallies.computeIfAbsent(worker, w -> new Tally());
  }
}
