package dev.coatcheck.store;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.event.Note;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Suspension;
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
   * @param start the submitting node has a free slot: with no job of the worker ready and room
   *     under its limits, the job starts at once on this node, skipping the queue (direct dispatch)
   */
  record Submit(NewJob job, boolean start) implements Command {}

  /** Ends a job by the holder of its lease. A file that the tenant does not have refuses it. */
  record Settle(LeaseToken lease, Outcome outcome) implements Command {}

  /** Hands a job back to be run later, by the holder of its lease. */
  record Park(LeaseToken lease, Parking parking) implements Command {}

  /**
   * Lets the holder of a lease go and its job wait for a callback. One that came before makes the
   * job ready at once.
   */
  record Suspend(LeaseToken lease, Suspension suspension) implements Command {}

  /**
   * Makes a token known that may call back to the job. A lease has one at most, and may make it
   * known again; remote ones have theirs from their grant on.
   */
  record OpenCallback(LeaseToken lease, CallbackToken token) implements Command {}

  /**
   * Takes a callback in. It resumes a suspended job; for any other open one it is kept: an attempt
   * that runs finds it when it suspends, and one that starts begins with it.
   */
  record Receive(CallbackToken token, Notice notice) implements Command {}

  /** Adds what a callback tells of progress, if anything, to the history of its open job. */
  record ReceiveProgress(CallbackToken token, Progress progress) implements Command {}

  /**
   * Replaces what an attempt used, cumulative. Within {@link #LATE_USAGE} of its end it is still
   * kept with the attempt, and counted nowhere else.
   */
  record ReportUsage(LeaseToken lease, Usage usage) implements Command {}

  /** How long after the end of its lease a runner may report what it used. */
  Duration LATE_USAGE = Duration.ofSeconds(60);

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

  /**
   * Takes a worker out of use, which no open job may be of. Its versions are kept: made known
   * again, it goes on counting.
   */
  record Remove(String worker) implements Command {}

  /** Stops or lets go on the starting of a worker's jobs. Those that run are left alone. */
  record Pause(String worker, boolean paused) implements Command {}

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
