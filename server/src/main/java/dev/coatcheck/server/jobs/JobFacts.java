package dev.coatcheck.server.jobs;

import dev.coatcheck.Engine;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.observe.Estimate;
import dev.coatcheck.observe.WorkerStats;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a job beyond its own row: why it waits, how far back it stands, when it will be
 * done, when to look again.
 *
 * @param queuePosition 1 for the next to start; null if it is not ready to start
 * @param nextPoll null when the job is done
 */
public record JobFacts(
    @Nullable WaitReason waitReason,
    @Nullable Integer queuePosition,
    Optional<Estimate> estimate,
    @Nullable Duration nextPoll) {

  /** Beyond this many the counter of ready jobs stands for the place in the queue. */
  private static final int EXACT_MAX = 200;

  private static final JobFacts OF_DONE = new JobFacts(null, null, Optional.empty(), null);

  public static JobFacts of(Engine engine, Job job) {
    if (job.done()) {
      return OF_DONE;
    }
    WorkerSpec spec =
        engine
            .catalog()
            .get(job.worker())
            .map(KnownWorker::spec)
            .orElseGet(() -> WorkerSpec.of(job.worker()));
    Instant now = engine.now();
    WorkerStats stats = engine.stats().of(job.worker(), now);
    Duration poll = Estimate.nextPoll(job, stats, spec, now);
    if (job.phase() != Phase.READY) {
      return new JobFacts(
          job.waitReason(), null, Estimate.of(job, stats, 0, spec.concurrency(), now), poll);
    }
    WorkerCounts counts = engine.reader().counts(job.worker());
    int ahead = ahead(engine, job, counts);
    return new JobFacts(
        reason(engine, spec, counts),
        ahead + 1,
        Estimate.of(job, stats, ahead, spec.concurrency(), now),
        poll);
  }

  private static int ahead(Engine engine, Job job, WorkerCounts counts) {
    if (counts.ready() <= EXACT_MAX) {
      OptionalInt exact = engine.reader().ahead(job, EXACT_MAX);
      if (exact.isPresent()) {
        return exact.getAsInt();
      }
    }
    return Math.clamp(counts.ready() - 1, 0, Integer.MAX_VALUE - 1);
  }

  private static @Nullable WaitReason reason(Engine engine, WorkerSpec spec, WorkerCounts counts) {
    if (!engine.serves(spec.name())) {
      return WaitReason.NO_RUNNER;
    }
    return counts.running() >= spec.concurrency() ? WaitReason.CONCURRENCY : null;
  }
}
