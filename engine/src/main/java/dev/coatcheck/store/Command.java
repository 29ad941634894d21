package dev.coatcheck.store;

import dev.coatcheck.event.Note;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One change that commits whole or not at all, and never harms the commands beside it. */
public sealed interface Command {

  /**
   * Stores a job. Checked in this order: idempotency key, open retry of {@code retryOf}, unique
   * key, files, queue limit. An answer {@link Result.Existing} also remembers the idempotency key
   * for that job.
   *
   * @param start the submitting node has a free slot: with no job of the worker ready, the job
   *     starts at once on this node, skipping the queue (direct dispatch)
   */
  record Submit(NewJob job, boolean start) implements Command {}

  /** Ends a job by the holder of its lease. */
  record Settle(LeaseToken lease, Outcome outcome) implements Command {}

  /** Hands a job back to be run later, by the holder of its lease. */
  record Park(LeaseToken lease, Parking parking) implements Command {}

  /**
   * Adds to the history of a running job.
   *
   * @param usage cumulative, replaces what was reported before; null leaves it
   */
  record Append(LeaseToken lease, List<Note> notes, @Nullable Usage usage) implements Command {}

  /** Ends an open job by its owner, taking it from whoever holds it. */
  record Cancel(TenantId tenant, JobId job) implements Command {}

  /** The runner of a canceled job has stopped working on it. */
  record RunnerStopped(LeaseToken lease) implements Command {}

  /**
   * Makes a worker known under its current contract. Equal content keeps its version.
   *
   * @param source {@code builtin}, {@code config} or {@code api}
   */
  record Define(WorkerSpec spec, String source) implements Command {}

  /** Records a file whose bytes are durable already. */
  record AddFile(StoredFile file) implements Command {}

  /** Why and until when a job goes back to the queue. */
  sealed interface Parking {

    /** The attempt failed and another may follow after the delay. */
    record Backoff(JobError error, Usage usage, Duration delay) implements Parking {}

    /** The attempt could not run now; it is not counted. */
    record Busy(String reason, Duration delay) implements Parking {}

    /** Handed back unworked, to the front of its lane; the attempt is not counted. */
    record Release() implements Parking {}
  }
}
