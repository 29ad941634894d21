package dev.coatcheck.server.jobs;

import dev.coatcheck.Engine;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.observe.Estimate;
import dev.coatcheck.observe.WorkerStats;
import dev.coatcheck.server.files.FileLink;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a job beyond its own row: why it waits, how far back it stands, when it will be
 * done, when to look again.
 *
 * @param queuePosition 1 for the next to start; null if it is not ready to start
 * @param nextPoll null when the job is done
 * @param files what it made
 */
public record JobFacts(
    @Nullable WaitReason waitReason,
    @Nullable Integer queuePosition,
    Optional<Estimate> estimate,
    @Nullable Duration nextPoll,
    List<FileLink> files) {

  /** Beyond this many the counter of ready jobs stands for the place in the queue. */
  private static final int EXACT_MAX = 200;

  public static JobFacts of(Desk desk, Job job) {
    if (job.done()) {
      List<FileLink> files = job.files().stream().map(desk.files()::link).toList();
      return new JobFacts(null, null, Optional.empty(), null, files);
    }
    return ofOpen(desk.engine(), job);
  }

  private static JobFacts ofOpen(Engine engine, Job job) {
    Optional<KnownWorker> worker = engine.catalog().get(job.worker());
    WorkerSpec spec = worker.map(KnownWorker::spec).orElseGet(() -> WorkerSpec.of(job.worker()));
    Instant now = engine.now();
    WorkerStats stats = engine.stats().of(job.worker(), now);
    Duration poll = Estimate.nextPoll(job, stats, spec, now);
    if (job.phase() != Phase.READY) {
      return new JobFacts(
          job.waitReason(),
          null,
          Estimate.of(job, stats, 0, spec.concurrency(), now),
          poll,
          List.of());
    }
    WorkerCounts counts = engine.reader().counts(job.worker());
    int ahead = ahead(engine, job, counts);
    return new JobFacts(
        reason(engine, spec, worker.isPresent() && worker.get().paused(), counts, job),
        ahead + 1,
        Estimate.of(job, stats, ahead, spec.concurrency(), now),
        poll,
        List.of());
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

  private static @Nullable WaitReason reason(
      Engine engine, WorkerSpec spec, boolean paused, WorkerCounts counts, Job job) {
    if (paused) {
      return WaitReason.PAUSED;
    }
    if (engine.runners(spec.name()) == 0) {
      return WaitReason.NO_RUNNER;
    }
    return counts.running() >= spec.concurrency() || laneIsFull(engine, spec, job)
        ? WaitReason.CONCURRENCY
        : null;
  }

  private static boolean laneIsFull(Engine engine, WorkerSpec spec, Job job) {
    return spec.concurrencyPerKey() != WorkerSpec.UNLIMITED
        && engine.reader().running(spec.name(), job.lane()) >= spec.concurrencyPerKey();
  }
}
