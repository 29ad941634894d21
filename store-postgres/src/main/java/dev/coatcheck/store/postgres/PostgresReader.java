package dev.coatcheck.store.postgres;

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
import dev.coatcheck.store.base.JobRecord;
import dev.coatcheck.store.base.Weights;
import dev.coatcheck.worker.WorkerSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads through connections of its own. */
final class PostgresReader implements Reader {

  /** An id this old is older than anything that any worker keeps. */
  static final Duration IDS_KEPT = Duration.ofDays(400);

  /** Jobs that finished before that are no longer recent. */
  private static final Duration RECENT = Duration.ofDays(7);

  private final Pool pool;
  private final StoreClock clock;
  private final LowWater lowWater;
  private final Set<String> indexedMetadata;
  private final Weights weights;

  PostgresReader(Pool pool, StoreClock clock, LowWater lowWater, PostgresOptions options) {
    this.pool = pool;
    this.clock = clock;
    this.lowWater = lowWater;
    indexedMetadata = options.indexedMetadata();
    weights = options.weights();
  }

  @Override
  public Lookup job(TenantId tenant, JobId id) {
    // No snapshot: a job that the first look misses was pruned before it, so the second finds that.
    return pool.read(session -> {
      Job job = JobRow.seen(session, Sql.JOB, tenant, id);
      if (job != null) {
        return new Lookup.Found(job);
      }
      boolean pruned = session.bind(Sql.FIND_PRUNED).id(id).text(tenant.value()).any();
      return pruned || tooOld(session, id) ? new Lookup.Gone() : new Lookup.Unknown();
    });
  }

  private boolean tooOld(Session session, JobId id) throws SQLException {
    return id.createdAt().isBefore(clock.opening(session).now().minus(IDS_KEPT));
  }

  @Override
  public List<Attempt> attempts(TenantId tenant, JobId id) {
    return pool.snapshot(session -> {
      JobRecord row = JobRow.find(session, Sql.LISTED_JOB, tenant, id);
      if (row == null) {
        return List.of();
      }
      JobRecord run = JobRow.run(session, row);
      return Notebook.attempts(session, run == null ? row : run);
    });
  }

  @Override
  public EventPage events(TenantId tenant, JobId id, long after, int limit) {
    return pool.snapshot(session -> {
      JobRecord row = JobRow.find(session, Sql.JOB, tenant, id);
      if (row == null) {
        return new EventPage(List.of(), false);
      }
      JobRecord run = JobRow.run(session, row);
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
    return pool.snapshot(session -> JobList.page(session, query));
  }

  @Override
  public List<Progressed> progressed(Set<JobId> jobs) {
    return jobs.isEmpty() ? List.of() : pool.read(session -> progressed(session, jobs));
  }

  /** How far a job has come: as far as the run that it shares. */
  private record Come(Progressed own, @Nullable JobId run) {

    static Come of(Columns row) throws SQLException {
      Progressed own = Progressed.of(row.id(), row.phase(), row.number(), row.number());
      JobId run = row.optionalId();
      return new Come(own, own.phase() == Phase.FOLLOWING ? run : null);
    }

    Progressed seen(Map<JobId, Progressed> runs) {
      Progressed shared = run == null ? null : runs.get(run);
      return shared == null ? own : shared.sharedBy(own.job());
    }
  }

  private static List<Progressed> progressed(Session session, Collection<JobId> jobs)
      throws SQLException {
    List<Come> found = session.bind(Sql.PROGRESSED).ids(List.copyOf(jobs)).list(Come::of);
    List<JobId> runs = new ArrayList<>();
    found.forEach(come -> Optional.ofNullable(come.run()).ifPresent(runs::add));
    Map<JobId, Progressed> shared = new HashMap<>();
    if (!runs.isEmpty()) {
      progressed(session, runs).forEach(run -> shared.put(run.job(), run));
    }
    return found.stream().map(come -> come.seen(shared)).toList();
  }

  @Override
  public Set<String> ready(Set<String> workers) {
    return pool.read(session -> FirstReady.of(session, lowWater, workers));
  }

  @Override
  public WorkerCounts counts(String worker) {
    return pool.snapshot(session -> Counters.committed(session, worker));
  }

  @Override
  public long running(String worker, String lane) {
    return pool.read(session ->
        session
            .bind(Sql.RUNNING_BY_LANE)
            .text(worker)
            .list(row -> Map.entry(row.text(), row.number()))
            .stream()
            .filter(of -> of.getKey().equals(lane))
            .mapToLong(Map.Entry::getValue)
            .sum());
  }

  @Override
  public OptionalInt ahead(Job job, int max) {
    return pool.snapshot(session -> {
      JobRecord row = JobRow.find(session, Sql.LISTED_JOB, job.tenant(), job.id());
      return row == null || row.job().phase() != Phase.READY
          ? OptionalInt.empty()
          : ahead(session, row, max);
    });
  }

  private OptionalInt ahead(Session session, JobRecord row, int max) throws SQLException {
    Job job = row.job();
    long own =
        session
            .bind(Sql.AHEAD)
            .text(job.worker())
            .number(-job.priority())
            .id(job.id())
            .number(max + 1L)
            .text(job.lane())
            .count();
    List<String> lanes = KnownLanes.walk(session, job.worker(), "");
    if (own > max || lanes.size() <= 1) {
      return own > max ? OptionalInt.empty() : OptionalInt.of((int) own);
    }
    long ready = Counters.ready(session, job.worker());
    long others = Math.max(0, ready - own - 1);
    Map<String, Long> most = new HashMap<>();
    lanes.forEach(lane -> most.put(lane, others));
    long ahead =
        lanes.size() == KnownLanes.WALK
            ? own + others
            : weights.ahead(job.lane(), own, most, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE);
    long bounded = Math.min(ahead, own + others);
    return bounded > max ? OptionalInt.empty() : OptionalInt.of((int) bounded);
  }

  @Override
  public List<LeaseToken> heldBy(RunnerId node) {
    return pool.read(session -> Grants.heldBy(session, node));
  }

  @Override
  public Standing standing(LeaseToken lease) {
    return pool.snapshot(session -> Grants.standing(session, lease));
  }

  @Override
  public List<KnownWorker> workers() {
    return pool.read(session ->
        session.bind(Sql.CURRENT_WORKERS).list(Workers.Current::of).stream()
            .filter(worker -> !worker.removed())
            .map(Workers.Current::known)
            .toList());
  }

  @Override
  public Optional<KnownSchedule> schedule(TenantId tenant, String name) {
    return pool.read(session ->
        Optional.ofNullable(
                session
                    .bind(Sql.FIND_SCHEDULE)
                    .text(tenant.value())
                    .text(name)
                    .first(ScheduleStep.Row::of))
            .filter(row -> !row.removed())
            .map(ScheduleStep.Row::known));
  }

  @Override
  public List<KnownSchedule> schedules(TenantId tenant, @Nullable String after, int limit) {
    return pool.read(session ->
        session
            .bind(Sql.LIST_SCHEDULES)
            .text(tenant.value())
            .text(Objects.requireNonNullElse(after, ""))
            .number(limit)
            .list(row -> ScheduleStep.Row.of(row).known()));
  }

  @Override
  public DueSchedules dueSchedules(int max) {
    return pool.read(session -> {
      Instant now = clock.now(Instant.ofEpochMilli(session.bind(Sql.TIME).count()));
      List<KnownSchedule> due =
          session
              .bind(Sql.DUE_SCHEDULES)
              .time(now)
              .number(max)
              .list(row -> ScheduleStep.Row.of(row).known());
      return new DueSchedules(due, session.bind(Sql.NEXT_SCHEDULE).time(now).optionalTime(), now);
    });
  }

  @Override
  public List<DeadLetterEntry> deadLetters(DeadLetterQuery query) {
    return pool.snapshot(session -> LetterList.page(session, query));
  }

  @Override
  public List<Place> deadLetterPlaces(DeadLetterQuery query) {
    return pool.snapshot(session -> LetterList.places(session, query));
  }

  @Override
  public Optional<DeadLetterEntry> deadLetter(TenantId tenant, JobId id) {
    return pool.snapshot(session -> Optional.ofNullable(LetterList.find(session, tenant, id)));
  }

  @Override
  public long countDeadLetters(DeadLetterQuery query) {
    return pool.snapshot(session -> LetterList.count(session, query));
  }

  @Override
  public List<DeadLetterGroup> deadLetterGroups(DeadLetterQuery query) {
    return pool.snapshot(session -> LetterList.groups(session, query));
  }

  @Override
  public List<JobId> openJobs(
      TenantId tenant, JobFilter filter, @Nullable JobId before, int limit) {
    return pool.snapshot(
        session -> JobList.open(session, tenant, filter, new JobList.Slice(before, limit)));
  }

  @Override
  public long countOpenJobs(TenantId tenant, JobFilter filter, int limit) {
    return pool.snapshot(session -> JobList.count(session, tenant, filter, limit));
  }

  @Override
  public Optional<Operation> operation(TenantId tenant, OperationId id) {
    return pool.read(session ->
        Optional.ofNullable(OperationStep.find(session.bind(Sql.OPERATION), id))
            .filter(operation -> operation.tenant().equals(tenant)));
  }

  @Override
  public List<Operation> openOperations() {
    return pool.read(session -> session.bind(Sql.OPEN_OPERATIONS).list(OperationStep::read));
  }

  @Override
  public List<Restore> restores() {
    return pool.read(session ->
        session.bind(Sql.RESTORES).list(row -> new Restore(row.time(), row.time(), row.count())));
  }

  @Override
  public Optional<WorkerSpec> worker(String name, int version) {
    return pool.read(session -> Workers.version(session, name, version));
  }

  @Override
  public Optional<StoredFile> file(TenantId tenant, FileId id) {
    return pool.read(
        session -> Optional.ofNullable(FileStep.find(session.bind(Sql.FIND_FILE), tenant, id)));
  }

  @Override
  public Set<String> digests(TenantId tenant, Set<String> sha256s) {
    return pool.read(session ->
        Set.copyOf(
            session
                .bind(Sql.FIND_DIGESTS)
                .text(tenant.value())
                .array("text", sha256s.toArray())
                .list(Columns::text)));
  }

  @Override
  public List<Finished> recent(int limit) {
    return pool.read(session -> {
      Instant now = clock.opening(session).now();
      // Most often there are enough in the last hours, and a look at all is not needed.
      for (Duration within : List.of(Duration.ofHours(1), Duration.ofDays(1))) {
        List<Finished> recent = recent(session, limit, now.minus(within));
        if (recent.size() >= limit) {
          return recent;
        }
      }
      return recent(session, limit, now.minus(RECENT));
    });
  }

  private static List<Finished> recent(Session session, int limit, Instant since)
      throws SQLException {
    return session.bind(Sql.RECENT).number(limit).time(since).list(PostgresReader::finished);
  }

  private static Finished finished(Columns row) throws SQLException {
    String worker = row.text();
    Phase phase = row.phase();
    Instant finishedAt = row.time();
    Instant createdAt = row.id().createdAt();
    Finish.Times times =
        new Finish.Times(row.optionalTime(), row.optionalTime(), row.optionalTime(), finishedAt);
    return Finish.of(worker, phase, createdAt, times);
  }
}
