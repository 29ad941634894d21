package dev.coatcheck.store;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterGroup;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.operation.Place;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads of what is committed. No read scans more than its answer needs. */
public interface Reader {

  /** The tenant's job with its payloads. A job of another tenant is unknown. */
  Lookup job(TenantId tenant, JobId id);

  /** The grants of a job, oldest first; empty for an unknown job. */
  List<Attempt> attempts(TenantId tenant, JobId id);

  /** Events with an id above {@code after}, in order, at most {@code limit}. */
  EventPage events(TenantId tenant, JobId id, long after, int limit);

  /** A page of jobs, newest first. */
  List<Job> jobs(JobQuery query);

  /** Those of the workers that have ready jobs, as far as can be told at little cost. */
  Set<String> ready(Set<String> workers);

  /** How many jobs the worker has in each state, from counters. */
  WorkerCounts counts(String worker);

  /** How many jobs of one lane of the worker run. */
  long running(String worker, String lane);

  /**
   * Ready jobs that will be claimed before this one, as far as is known now; empty if it is not
   * ready or more than {@code max} are. Those of its own lane are counted, those of each other lane
   * are as many as its weight lets go first, or all that it has.
   */
  OptionalInt ahead(Job job, int max);

  /** Jobs that finished last, newest first, for statistics after a start. */
  List<Finished> recent(int limit);

  /** The leases that a node holds: what it was granted, whether it has learned of that or not. */
  List<LeaseToken> heldBy(RunnerId node);

  /** How far each of the jobs has come, of those that are there. */
  List<Progressed> progressed(Set<JobId> jobs);

  /** How a lease stands. */
  Standing standing(LeaseToken lease);

  /** Every worker in use under its current contract. */
  List<KnownWorker> workers();

  /** The contract of one version of a worker, in use or not. */
  Optional<WorkerSpec> worker(String name, int version);

  /** The tenant's file. A file of another tenant is unknown. */
  Optional<StoredFile> file(TenantId tenant, FileId id);

  /** Those of the digests that a file of the tenant has. */
  Set<String> digests(TenantId tenant, Set<String> sha256s);

  /** The tenant's schedule. One of another tenant is unknown. */
  Optional<KnownSchedule> schedule(TenantId tenant, String name);

  /**
   * The tenant's schedules by name.
   *
   * @param after names after this one only; null from the first on
   */
  List<KnownSchedule> schedules(TenantId tenant, @Nullable String after, int limit);

  /** Schedules whose next instant has come, the longest ago first, and when the others follow. */
  DueSchedules dueSchedules(int max);

  /** A page of dead letters. */
  List<DeadLetterEntry> deadLetters(DeadLetterQuery query);

  /** Where those of a page are, without what their jobs tell. */
  List<Place> deadLetterPlaces(DeadLetterQuery query);

  /** The dead letter of a job of the tenant, open or not. */
  Optional<DeadLetterEntry> deadLetter(TenantId tenant, JobId id);

  /** How many there are, counted up to the limit of the query. Looks at each one counted. */
  long countDeadLetters(DeadLetterQuery query);

  /**
   * Dead letters by worker, code and fingerprint, the largest groups first. Looks at each letter
   * that the filter names.
   */
  List<DeadLetterGroup> deadLetterGroups(DeadLetterQuery query);

  /**
   * A tenant's open jobs, newest first. A job that moves meanwhile is not missed.
   *
   * @param before only jobs older than this one, exclusive
   */
  List<JobId> openJobs(TenantId tenant, JobFilter filter, @Nullable JobId before, int limit);

  /** How many there are, counted up to a limit. Looks at each one counted. */
  long countOpenJobs(TenantId tenant, JobFilter filter, int limit);

  /** The tenant's operation. An operation of another tenant is unknown. */
  Optional<Operation> operation(TenantId tenant, OperationId id);

  /** Operations of all tenants that are not done, the one that is due next first. */
  List<Operation> openOperations();

  /** The times that the store was put back to an earlier state, the last one first. */
  List<Restore> restores();

  /**
   * How far a job has come.
   *
   * @param event the id of the last event that the store was told of it, or of one after that
   */
  record Progressed(JobId job, Phase phase, long event) {

    /** The same of a job that shares this run; that the run is over, it has still to be told. */
    public Progressed sharedBy(JobId follower) {
      return phase.done()
          ? new Progressed(follower, Phase.RUNNING, EventId.ofStatus(EventId.fence(event)) - 1)
          : new Progressed(follower, phase, event);
    }

    /** By the fence and how much was reported under it. */
    public static Progressed of(JobId job, Phase phase, long fence, long notes) {
      return new Progressed(job, phase, EventId.ofStatus(fence) + notes);
    }
  }

  /**
   * Schedules that are due.
   *
   * @param next the first instant that has not come yet; null if there is none
   * @param now the time that decided
   */
  record DueSchedules(List<KnownSchedule> due, @Nullable Instant next, Instant now) {}

  /** An answer to a look for one job. */
  sealed interface Lookup {
    record Found(Job job) implements Lookup {}

    /** Existed and was pruned, or its id is older than anything kept. */
    record Gone() implements Lookup {}

    record Unknown() implements Lookup {}
  }

  /**
   * Events in order.
   *
   * @param more whether events after the last one exist already
   */
  record EventPage(List<JobEvent> events, boolean more) {}

  /**
   * Jobs of one worker by state.
   *
   * @param following jobs that share the run of another, which is counted by itself
   * @param oldestReadyAt when the oldest ready job became ready; null with none
   */
  record WorkerCounts(
      long ready,
      long waiting,
      long running,
      long suspended,
      long following,
      long deadLetters,
      @Nullable Instant oldestReadyAt) {

    /** Jobs that are not done. */
    public long open() {
      return queued() + running + suspended;
    }

    /** Jobs that count against the limit of the queue. */
    public long queued() {
      return ready + waiting + following;
    }
  }

  /**
   * A worker in use.
   *
   * @param source {@code builtin}, {@code config} or {@code api}
   */
  record KnownWorker(WorkerSpec spec, int version, String source, boolean paused) {}

  /**
   * How one job went.
   *
   * @param waited from the time it could start to the first attempt
   * @param ran from the start of the last attempt to the end; null if it never started
   */
  record Finished(
      String worker, Phase phase, Instant finishedAt, Duration waited, @Nullable Duration ran) {}
}
