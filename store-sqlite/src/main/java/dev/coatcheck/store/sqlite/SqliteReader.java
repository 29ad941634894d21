package dev.coatcheck.store.sqlite;

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
import dev.coatcheck.store.DeadLetterQuery;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.base.Finish;
import dev.coatcheck.store.base.Following;
import dev.coatcheck.store.base.Millis;
import dev.coatcheck.store.base.Weights;
import dev.coatcheck.worker.WorkerSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads through the pool of readers; counters come from memory. */
final class SqliteReader implements Reader {

  /** An id this old is older than anything that any worker keeps. */
  static final Duration IDS_KEPT = Duration.ofDays(400);

  private final Readers readers;
  private final Counters counters;
  private final InstantSource clock;
  private final Set<String> indexedMetadata;
  private final Weights weights;
  private volatile boolean closed;

  SqliteReader(Readers readers, Counters counters, SqliteOptions options) {
    this.readers = readers;
    this.counters = counters;
    clock = options.clock();
    indexedMetadata = options.indexedMetadata();
    weights = options.weights();
  }

  void close() {
    closed = true;
  }

  @Override
  public Lookup job(TenantId tenant, JobId id) {
    // No snapshot: a job that the first look misses was pruned before it, so the second finds that.
    Lookup found = readers.read(session -> lookup(session, tenant, id));
    return found instanceof Lookup.Unknown && tooOld(id) ? new Lookup.Gone() : found;
  }

  private boolean tooOld(JobId id) {
    return id.createdAt().isBefore(clock.instant().minus(IDS_KEPT));
  }

  private static Lookup lookup(Session session, TenantId tenant, JobId id) throws SQLException {
    Job job = JobRow.seen(session::bind, Sql.JOB, tenant, id);
    if (job != null) {
      return new Lookup.Found(job);
    }
    try (ResultSet rows = session.bind(Sql.FIND_PRUNED).id(id).text(tenant.value()).query()) {
      return rows.next() ? new Lookup.Gone() : new Lookup.Unknown();
    }
  }

  @Override
  public List<Attempt> attempts(TenantId tenant, JobId id) {
    return readers.snapshot(session -> {
      JobRow row = JobRow.find(session.bind(Sql.LISTED_JOB), tenant, id, false);
      if (row == null) {
        return List.of();
      }
      JobRow run = JobRow.run(session::bind, row);
      return Notebook.attempts(session, run == null ? row : run);
    });
  }

  @Override
  public EventPage events(TenantId tenant, JobId id, long after, int limit) {
    return readers.snapshot(session -> {
      JobRow row = JobRow.find(session.bind(Sql.JOB), tenant, id, true);
      if (row == null) {
        return new EventPage(List.of(), false);
      }
      JobRow run = JobRow.run(session::bind, row);
      return run == null
          ? Notebook.events(session, row, after, limit)
          : Following.events(Notebook.events(session, run, after, limit), row.job());
    });
  }

  @Override
  public List<Job> jobs(JobQuery query) {
    JobQuery.Tag tag = query.tag();
    if (tag != null && !indexedMetadata.contains(tag.key())) {
      throw new IllegalArgumentException("metadata key is not indexed: " + tag.key());
    }
    return readers.snapshot(session -> JobList.page(session, query));
  }

  @Override
  public List<Progressed> progressed(Set<JobId> jobs) {
    return readers.snapshot(session -> {
      List<Progressed> found = new ArrayList<>();
      for (JobId job : jobs) {
        Progressed progressed = progressed(session, job);
        if (progressed != null) {
          found.add(progressed);
        }
      }
      return List.copyOf(found);
    });
  }

  /** How far a job has come: as far as the run that it shares. */
  private static @Nullable Progressed progressed(Session session, JobId job) throws SQLException {
    Progressed own;
    JobId flight;
    try (ResultSet rows = session.bind(Sql.PROGRESSED).id(job).query()) {
      Columns row = new Columns(rows);
      if (!row.next()) {
        return null;
      }
      Phase phase = Columns.phase(row.status(), row.waitReason(), row.optionalTime() != null);
      own = Progressed.of(job, phase, row.number(), row.number());
      flight = row.optionalId();
    }
    Progressed run =
        own.phase() == Phase.FOLLOWING && flight != null ? progressed(session, flight) : null;
    return run == null ? own : run.sharedBy(job);
  }

  @Override
  public Set<String> ready(Set<String> workers) {
    Set<String> ready = new LinkedHashSet<>(workers);
    ready.removeIf(worker -> counts(worker).ready() == 0);
    return ready;
  }

  @Override
  public WorkerCounts counts(String worker) {
    if (closed) {
      throw Writer.closed();
    }
    return counters.counts(worker);
  }

  @Override
  public long running(String worker, String lane) {
    return counters.running(worker, lane);
  }

  @Override
  public OptionalInt ahead(Job job, int max) {
    return readers.snapshot(session -> {
      JobRow row = JobRow.find(session.bind(Sql.LISTED_JOB), job.tenant(), job.id(), false);
      return row == null || row.job().phase() != Phase.READY
          ? OptionalInt.empty()
          : ahead(session, row, max);
    });
  }

  private OptionalInt ahead(Session session, JobRow row, int max) throws SQLException {
    Job job = row.job();
    Bind count =
        session
            .bind(Sql.AHEAD)
            .text(job.worker())
            .number(job.priority())
            .number(row.seq())
            .number(max + 1L)
            .text(job.lane());
    try (ResultSet rows = count.query()) {
      long own = rows.next() ? rows.getLong(1) : 0;
      return weights.ahead(job.lane(), own, counters.lanes(job.worker()), max);
    }
  }

  @Override
  public List<LeaseToken> heldBy(RunnerId node) {
    return readers.read(session -> Grants.heldBy(session, node));
  }

  @Override
  public Standing standing(LeaseToken lease) {
    return readers.snapshot(session -> Grants.standing(session, lease));
  }

  @Override
  public List<KnownWorker> workers() {
    return readers.read(session -> {
      List<KnownWorker> workers = new ArrayList<>();
      try (ResultSet rows = session.bind(Sql.CURRENT_WORKERS).query()) {
        Columns row = new Columns(rows);
        while (row.next()) {
          Workers.Current worker = Workers.Current.of(row);
          if (!worker.removed()) {
            workers.add(worker.known());
          }
        }
      }
      return List.copyOf(workers);
    });
  }

  @Override
  public Optional<KnownSchedule> schedule(TenantId tenant, String name) {
    return readers.read(session -> {
      ScheduleStep.Row row = ScheduleStep.find(session.bind(Sql.FIND_SCHEDULE), tenant, name);
      return row == null || row.removed() ? Optional.empty() : Optional.of(row.known());
    });
  }

  @Override
  public List<KnownSchedule> schedules(TenantId tenant, @Nullable String after, int limit) {
    return readers.read(session ->
        schedules(
            session
                .bind(Sql.LIST_SCHEDULES)
                .text(tenant.value())
                .text(Objects.requireNonNullElse(after, ""))
                .number(limit)));
  }

  private static List<KnownSchedule> schedules(Bind query) throws SQLException {
    List<KnownSchedule> schedules = new ArrayList<>();
    try (ResultSet rows = query.query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        schedules.add(ScheduleStep.Row.of(row).known());
      }
    }
    return List.copyOf(schedules);
  }

  @Override
  public DueSchedules dueSchedules(int max) {
    Instant now = Millis.of(clock.instant());
    return readers.snapshot(session -> {
      List<KnownSchedule> due = schedules(session.bind(Sql.DUE_SCHEDULES).time(now).number(max));
      try (ResultSet rows = session.bind(Sql.NEXT_SCHEDULE).time(now).query()) {
        Columns row = new Columns(rows);
        return new DueSchedules(due, row.next() ? row.optionalTime() : null, now);
      }
    });
  }

  @Override
  public List<DeadLetterEntry> deadLetters(DeadLetterQuery query) {
    return readers.snapshot(session -> LetterList.page(session, query));
  }

  @Override
  public List<Place> deadLetterPlaces(DeadLetterQuery query) {
    return readers.snapshot(session -> LetterList.places(session, query));
  }

  @Override
  public Optional<DeadLetterEntry> deadLetter(TenantId tenant, JobId id) {
    return readers.snapshot(session -> Optional.ofNullable(LetterList.find(session, tenant, id)));
  }

  @Override
  public long countDeadLetters(DeadLetterQuery query) {
    return readers.snapshot(session -> LetterList.count(session, query));
  }

  @Override
  public List<DeadLetterGroup> deadLetterGroups(DeadLetterQuery query) {
    return readers.snapshot(session -> LetterList.groups(session, query));
  }

  @Override
  public List<JobId> openJobs(
      TenantId tenant, JobFilter filter, @Nullable JobId before, int limit) {
    return readers.snapshot(
        session -> JobList.open(session, tenant, filter, new JobList.Slice(before, limit)));
  }

  @Override
  public long countOpenJobs(TenantId tenant, JobFilter filter, int limit) {
    return readers.snapshot(session -> JobList.count(session, tenant, filter, limit));
  }

  @Override
  public Optional<Operation> operation(TenantId tenant, OperationId id) {
    return readers
        .read(session -> Optional.ofNullable(OperationStep.find(session.bind(Sql.OPERATION), id)))
        .filter(operation -> operation.tenant().equals(tenant));
  }

  @Override
  public List<Operation> openOperations() {
    return readers.read(session -> OperationStep.all(session.bind(Sql.OPEN_OPERATIONS)));
  }

  @Override
  public List<Restore> restores() {
    return readers.read(session -> {
      List<Restore> restores = new ArrayList<>();
      try (ResultSet rows = session.bind(Sql.RESTORES).query()) {
        Columns row = new Columns(rows);
        while (row.next()) {
          restores.add(new Restore(row.time(), row.time(), row.count()));
        }
      }
      return List.copyOf(restores);
    });
  }

  @Override
  public Optional<WorkerSpec> worker(String name, int version) {
    return readers.read(
        session -> Workers.version(session.bind(Sql.WORKER_VERSION), name, version));
  }

  @Override
  public Optional<StoredFile> file(TenantId tenant, FileId id) {
    return readers.read(
        session -> Optional.ofNullable(FileStep.find(session.bind(Sql.FIND_FILE), tenant, id)));
  }

  @Override
  public Set<String> digests(TenantId tenant, Set<String> sha256s) {
    return readers.read(session -> {
      Set<String> known = new HashSet<>();
      for (String sha256 : sha256s) {
        Bind query = session.bind(Sql.FIND_DIGEST).text(tenant.value()).text(sha256);
        try (ResultSet rows = query.query()) {
          if (rows.next()) {
            known.add(sha256);
          }
        }
      }
      return known;
    });
  }

  @Override
  public List<Finished> recent(int limit) {
    return readers.read(session -> {
      List<Finished> recent = new ArrayList<>();
      try (ResultSet rows = session.bind(Sql.RECENT).number(limit).query()) {
        Columns row = new Columns(rows);
        while (row.next()) {
          recent.add(finished(row));
        }
      }
      return recent;
    });
  }

  private static Finished finished(Columns row) throws SQLException {
    String worker = row.text();
    Phase phase = Columns.phase(row.status(), null, false);
    Instant finishedAt = row.time();
    Instant createdAt = row.id().createdAt();
    Finish.Times times =
        new Finish.Times(row.optionalTime(), row.optionalTime(), row.optionalTime(), finishedAt);
    return Finish.of(worker, phase, createdAt, times);
  }
}
