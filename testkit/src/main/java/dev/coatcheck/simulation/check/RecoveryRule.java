package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I10;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.simulation.check.JobFile.Granted;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * I10, asked every second once no fault is active any more: a job that could move on, has not moved
 * for longer than the fallbacks of the engine may take. A ready job could move if its worker has a
 * place free; a waiting, suspended or leased one if its time has come.
 */
public final class RecoveryRule {

  /** The engine looks by itself every five seconds; upkeep and store calls may add to that. */
  public static final Duration BOUND = Duration.ofSeconds(12);

  /**
   * Where a job stands, and how many grants its worker has had: while these rise, it is in line.
   */
  private record Stuck(Instant first, long fence, Phase phase, long grants) {
    boolean still(Stuck now) {
      return fence == now.fence && phase == now.phase && grants == now.grants;
    }
  }

  private final History history;
  private final StoreWitness store;
  private final Predicate<String> place;
  private final Map<JobId, Stuck> since = new HashMap<>();
  private final Set<JobId> told = new HashSet<>();

  /**
   * The rule.
   *
   * @param place whether somebody has a place free for a job of the worker
   */
  public RecoveryRule(History history, StoreWitness store, Predicate<String> place) {
    this.history = history;
    this.store = store;
    this.place = place;
  }

  /** Looks at every job. */
  public void look() {
    Instant now = store.now();
    for (JobFile file : store.files().values()) {
      JobId id = file.job.id();
      if (!due(file, now)) {
        since.remove(id);
        continue;
      }
      Stuck seen = since.merge(id, standing(file, now), (a, b) -> a.still(b) ? a : b);
      Instant first = seen.first();
      if (Duration.between(first, now).compareTo(BOUND) > 0 && told.add(id)) {
        history.broken(
            I10,
            "%s could move on since %s and is still %s"
                .formatted(file.alias, Duration.between(first, now), MoveRule.shown(file.job)));
      }
    }
  }

  private Stuck standing(JobFile file, Instant now) {
    Job job = file.job;
    long grants = job.phase() == Phase.READY ? store.grants(job.worker()) : 0;
    return new Stuck(now, job.fence(), job.phase(), grants);
  }

  private boolean due(JobFile file, Instant now) {
    Job job = file.job;
    return switch (job.phase()) {
      case READY -> place.test(job.worker());
      case WAITING -> past(job.times().nextAttemptAt(), now);
      case RUNNING -> running(file, now);
      case SUSPENDED, FOLLOWING -> past(job.times().deadlineAt(), now);
      case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> false;
    };
  }

  private static boolean running(JobFile file, Instant now) {
    Granted holder = file.holder();
    return holder != null
        && (past(holder.leaseUntil, now) || past(file.job.times().deadlineAt(), now));
  }

  private static boolean past(@org.jspecify.annotations.Nullable Instant time, Instant now) {
    return time != null && time.isBefore(now);
  }

  /** Jobs that are not final. */
  public List<String> open() {
    return store.files().values().stream()
        .filter(file -> !file.job.done())
        .map(file -> file.alias + " " + MoveRule.shown(file.job))
        .toList();
  }

  /** All must be final by now. */
  public void close() {
    List<String> open = open();
    history.require(open.isEmpty(), I10, () -> "never final: " + open);
  }
}
