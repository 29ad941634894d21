package dev.coatcheck.store.postgres;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.base.Finish;
import dev.coatcheck.store.base.JobRecord;
import dev.coatcheck.store.base.Weights;
import dev.coatcheck.worker.WorkerSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

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
      JobRecord row = JobRow.find(session, Sql.JOB, tenant, id);
      if (row != null) {
        return new Lookup.Found(row.job());
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
      return row == null ? List.of() : Notebook.attempts(session, row);
    });
  }

  @Override
  public EventPage events(TenantId tenant, JobId id, long after, int limit) {
    return pool.snapshot(session -> {
      JobRecord row = JobRow.find(session, Sql.JOB, tenant, id);
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
    return pool.snapshot(session -> JobList.page(session, query));
  }

  @Override
  public List<Progressed> progressed(Set<JobId> jobs) {
    return jobs.isEmpty()
        ? List.of()
        : pool.read(session ->
            session
                .bind(Sql.PROGRESSED)
                .ids(List.copyOf(jobs))
                .list(row -> Progressed.of(row.id(), row.phase(), row.number(), row.number())));
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
