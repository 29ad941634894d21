package dev.coatcheck.store;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.event.Note;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.operation.Order;
import dev.coatcheck.operation.Pace;
import dev.coatcheck.operation.Place;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
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

  /** Stores all of the jobs as {@link Submit} would, none of them started, or none. */
  record SubmitAll(List<NewJob> jobs) implements Command {

    public SubmitAll {
      jobs = List.copyOf(jobs);
    }
  }

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

  /**
   * Makes a schedule known, or replaces it; an equal one is left as it is. One whose timing stays
   * keeps its anchor and its next instant, unless it is or was paused.
   *
   * @param anchor what its periods are counted from
   * @param next the first instant to come; null if there is none
   */
  record DefineSchedule(Schedule schedule, Instant anchor, @Nullable Instant next)
      implements Command {}

  /** Ends a schedule. Its jobs are left alone. */
  record RemoveSchedule(TenantId tenant, String schedule) implements Command {}

  /**
   * Gives an instant of a schedule its job, or passes it over, and moves the schedule on; refused
   * unless the schedule stands at that revision and instant and the instant has come. Whatever the
   * clocks do, no instant gets a second job.
   *
   * @param at the schedule as it stood when it was read, at its oldest instant not yet seen to
   * @param nominal the instant that is seen to now, this or a later one
   * @param next where it stands then; null if no instant is left
   * @param job what the instant gets, unless it overlaps with another and may not
   * @param why no job is given; null where one is
   */
  record Tick(
      KnownSchedule at,
      Instant nominal,
      @Nullable Instant next,
      @Nullable NewJob job,
      @Nullable PassedOver why)
      implements Command {}

  /** Records a file whose bytes are durable already. */
  record AddFile(StoredFile file) implements Command {}

  /**
   * Repeats a job whose dead letter is open, as a new job that names it as {@code retryOf}. Checked
   * in this order: the dead letter, files, queue limit.
   */
  record Redrive(NewJob job) implements Command {}

  /** Sets the open ones among the dead letters of these jobs aside. */
  record Discard(TenantId tenant, List<JobId> jobs) implements Command {}

  /**
   * Begins an operation: work on many jobs that goes on by {@link Advance}.
   *
   * @param matched how many jobs are meant at present
   */
  record Begin(OperationId id, TenantId tenant, Order order, Pace pace, long matched)
      implements Command {}

  /**
   * Does a slice of an operation: the deeds in their order, how far it is, and what became of the
   * jobs, all or nothing. At a worker that takes no more jobs it stops short.
   *
   * @param version of the operation as the slice was made for it; at any other nothing is done
   * @param last whether nothing is left to do after it
   */
  record Advance(OperationId operation, long version, List<Deed> deeds, boolean last)
      implements Command {}

  /** How long after its end an operation is known. */
  Duration OPERATION_KEPT = Duration.ofDays(7);

  /** What an operation does to one job. */
  sealed interface Deed {

    /** Where the operation is after it. */
    Place place();

    /** As {@link Command.Redrive}. */
    record Redrive(Place place, NewJob job) implements Deed {}

    /**
     * As {@link Command.Cancel}.
     *
     * @param only a job in another status is left alone; null for any open one
     */
    record Cancel(Place place, @Nullable JobStatus only) implements Deed {}

    /** Nothing can be done, which counts as failed. */
    record Refuse(Place place) implements Deed {}
  }

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
