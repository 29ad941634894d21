package dev.coatcheck.store.sqlite;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.base.Finish;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

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
    JobRow row = JobRow.find(session.bind(Sql.JOB), tenant, id, true);
    if (row != null) {
      return new Lookup.Found(row.job());
    }
    try (ResultSet rows = session.bind(Sql.FIND_PRUNED).id(id).text(tenant.value()).query()) {
      return rows.next() ? new Lookup.Gone() : new Lookup.Unknown();
    }
  }

  @Override
  public List<Attempt> attempts(TenantId tenant, JobId id) {
    return readers.snapshot(session -> {
      JobRow row = JobRow.find(session.bind(Sql.LISTED_JOB), tenant, id, false);
      return row == null ? List.of() : Notebook.attempts(session, row);
    });
  }

  @Override
  public EventPage events(TenantId tenant, JobId id, long after, int limit) {
    return readers.snapshot(session -> {
      JobRow row = JobRow.find(session.bind(Sql.JOB), tenant, id, true);
      return row == null
          ? new EventPage(List.of(), false)
          : Notebook.events(session, row, after, limit);
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
        try (ResultSet rows = session.bind(Sql.PROGRESSED).id(job).query()) {
          Columns row = new Columns(rows);
          if (row.next()) {
            JobStatus status = row.status();
            boolean waits = row.optionalText() != null;
            boolean suspended = row.optionalTime() != null;
            Phase phase = Columns.phase(status, waits, suspended);
            found.add(Progressed.of(job, phase, row.number(), row.number()));
          }
        }
      }
      return List.copyOf(found);
    });
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
    Phase phase = Columns.phase(row.status(), false, false);
    Instant finishedAt = row.time();
    Instant createdAt = row.id().createdAt();
    Finish.Times times =
        new Finish.Times(row.optionalTime(), row.optionalTime(), row.optionalTime(), finishedAt);
    return Finish.of(worker, phase, createdAt, times);
  }
}
