package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I17;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.store.Reader.Lookup;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * I17: who asks for a job after anybody was told of it, by whichever node, finds it, and no less
 * far than that. One client's answers come in the order of its questions.
 */
final class SightRule {

  private final History history;

  /** The highest fence that anybody had been told of a job, by when. */
  private final Map<JobId, TreeMap<Long, Long>> told = new HashMap<>();

  /** The last fence that a client was told of a job. */
  private final Map<String, Long> lastTold = new HashMap<>();

  SightRule(History history) {
    this.history = history;
  }

  /** A client was told that its submission, or its cancel, came to this. */
  void answered(Job job) {
    TreeMap<Long, Long> fences = told.computeIfAbsent(job.id(), id -> new TreeMap<>());
    long before = fences.isEmpty() ? 0 : fences.lastEntry().getValue();
    fences.put(history.now(), Math.max(before, job.fence()));
  }

  /** A client read the job, and had asked for it then. */
  void read(String client, String alias, Job job, long asked) {
    Long last = lastTold.put(client + job.id(), job.fence());
    history.require(
        last == null || last <= job.fence(),
        I17,
        () -> alias + " was read with a lower fence than before");
    Map.Entry<Long, Long> known = told.getOrDefault(job.id(), new TreeMap<>()).lowerEntry(asked);
    history.require(
        known == null || known.getValue() <= job.fence(),
        I17,
        () ->
            "%s was read with fence %d after somebody had been told of a later one"
                .formatted(alias, job.fence()));
    answered(job);
  }

  /** A client that had been told of the job was told that there is none. */
  void missed(String alias, JobFile file, Lookup found) {
    history.require(
        file.pruned || !(found instanceof Lookup.Unknown),
        I17,
        () -> alias + " was acknowledged, is in the store, and was not found");
  }
}
