package dev.coatcheck.testkit;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterGroup;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
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
import dev.coatcheck.store.base.Following;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads of the in-memory store; each call is one look at the table. */
final class InMemoryReader implements Reader {

  private final InMemoryStore store;
  private final Table table;

  InMemoryReader(InMemoryStore store, Table table) {
    this.store = store;
    this.table = table;
  }

  @Override
  public Lookup job(TenantId tenant, JobId id) {
    return store.read(() -> {
      Row row = table.row(tenant, id);
      if (row != null) {
        return new Lookup.Found(row.job(true));
      }
      Table.Pruned pruned = table.pruned.get(id);
      boolean gone = pruned != null && pruned.tenant().equals(tenant);
      return gone || tooOld(id) ? new Lookup.Gone() : new Lookup.Unknown();
    });
  }

  private boolean tooOld(JobId id) {
    return id.createdAt().isBefore(store.now().minus(Table.IDS_KEPT));
  }

  @Override
  public List<Attempt> attempts(TenantId tenant, JobId id) {
    return store.read(() -> {
      Row row = table.row(tenant, id);
      if (row == null) {
        return List.of();
      }
      Row run = row.flight == null ? row : row.flight;
      return run.grants.stream().map(GrantRow::attempt).toList();
    });
  }

  @Override
  public EventPage events(TenantId tenant, JobId id, long after, int limit) {
    return store.read(() -> {
      Row row = table.row(tenant, id);
      if (row == null) {
        return new EventPage(List.of(), false);
      }
      Row run = row.flight == null ? row : row.flight;
      List<JobEvent> rest = run.events.stream().filter(e -> e.id() > after).toList();
      List<JobEvent> page = List.copyOf(rest.subList(0, Math.min(limit, rest.size())));
      EventPage told = new EventPage(page, rest.size() > page.size());
      return run.equals(row) ? told : Following.events(told, row.job(true));
    });
  }

  @Override
  public List<Job> jobs(JobQuery query) {
    JobQuery.Tag tag = query.tag();
    if (tag != null && !table.indexed.contains(tag.key())) {
      throw new IllegalArgumentException("metadata key is not indexed: " + tag.key());
    }
    return store.read(() ->
        table.rows.descendingMap().values().stream()
            .filter(row -> matches(row, query))
            .limit(query.limit())
            .map(row -> row.job(query.payloads()))
            .toList());
  }

  private static boolean matches(Row row, JobQuery query) {
    String worker = query.worker();
    JobStatus status = query.status();
    JobQuery.Tag tag = query.tag();
    return row.born.tenant().equals(query.tenant())
        && (worker == null || worker.equals(row.worker()))
        && (status == null || status == row.job(false).status())
        && (tag == null || tag.value().equals(row.born.metadata().get(tag.key())))
        && within(row.id(), query);
  }

  private static boolean within(JobId id, JobQuery query) {
    Instant from = query.createdAfter();
    Instant to = query.createdBefore();
    JobId before = query.before();
    return (from == null || id.compareTo(JobId.floor(from)) >= 0)
        && (to == null || id.compareTo(JobId.floor(to)) < 0)
        && (before == null || id.compareTo(before) < 0);
  }

  @Override
  public List<Progressed> progressed(Set<JobId> jobs) {
    return store.read(() -> {
      List<Progressed> found = new ArrayList<>();
      for (JobId job : jobs) {
        Row row = table.row(job);
        if (row != null) {
          found.add(progressed(row));
        }
      }
      return List.copyOf(found);
    });
  }

  private static Progressed progressed(Row row) {
    Row run = row.phase == Phase.FOLLOWING ? row.flight : null;
    return run == null
        ? Progressed.of(row.id(), row.phase, row.fence, row.notes)
        : progressed(run).sharedBy(row.id());
  }

  @Override
  public Set<String> ready(Set<String> workers) {
    return store.read(() -> {
      Set<String> ready = new LinkedHashSet<>(workers);
      ready.removeIf(worker -> table.counts(worker).ready() == 0);
      return ready;
    });
  }

  @Override
  public WorkerCounts counts(String worker) {
    return store.read(() -> table.counts(worker));
  }

  @Override
  public long running(String worker, String lane) {
    return store.read(() -> table.lanes(worker).running(lane));
  }

  @Override
  public OptionalInt ahead(Job job, int max) {
    Supplier<OptionalInt> count =
        () -> {
          Row row = table.row(job.tenant(), job.id());
          if (row == null || row.phase != Phase.READY) {
            return OptionalInt.empty();
          }
          int own = table.ready(row.worker(), row.lane()).headSet(row).size();
          return table.weights.ahead(row.lane(), own, table.readyByLane(row.worker()), max);
        };
    return store.read(count);
  }

  @Override
  public Optional<StoredFile> file(TenantId tenant, FileId id) {
    return store.read(() -> Optional.ofNullable(table.file(tenant, id)));
  }

  @Override
  public Set<String> digests(TenantId tenant, Set<String> sha256s) {
    return store.read(() ->
        table.files.values().stream()
            .filter(file -> file.tenant().equals(tenant))
            .map(StoredFile::sha256)
            .filter(sha256s::contains)
            .collect(Collectors.toSet()));
  }

  @Override
  public List<Finished> recent(int limit) {
    Comparator<Row> newestFirst =
        Comparator.comparing((Row row) -> Objects.requireNonNull(row.finishedAt))
            .thenComparingLong(row -> row.seq)
            .reversed();
    return store.read(() ->
        table.rows.values().stream()
            .filter(row -> row.phase.done() && !row.cached && (row.lead == null || row.shared()))
            .sorted(newestFirst)
            .limit(limit)
            .map(Row::finished)
            .toList());
  }

  @Override
  public List<LeaseToken> heldBy(RunnerId node) {
    return store.read(() ->
        table.rows.values().stream()
            .filter(row -> row.phase == Phase.RUNNING && row.local)
            .map(Row::last)
            .filter(grant -> grant.runner.equals(node))
            .map(grant -> grant.token)
            .toList());
  }

  @Override
  public Standing standing(LeaseToken lease) {
    return store.read(() -> {
      Row row = table.rows.get(lease.job());
      GrantRow grant = row == null ? null : row.grant(lease).orElse(null);
      if (row == null || grant == null) {
        return new Standing.Unknown();
      }
      return row.heldBy(lease) ? held(row) : ended(row, grant);
    });
  }

  private static Standing held(Row row) {
    return new Standing.Held(
        row.born.tenant().shown(),
        row.worker(),
        row.born.workerVersion(),
        row.attempt,
        row.born.maxAttempts());
  }

  private static Standing ended(Row row, GrantRow grant) {
    @Nullable ErrorCode code = grant.error == null ? null : grant.error.code();
    return new Standing.Ended(row.born.tenant().shown(), grant.state, code);
  }

  @Override
  public Optional<KnownSchedule> schedule(TenantId tenant, String name) {
    return store.read(() -> table.schedules.get(tenant, name));
  }

  @Override
  public List<KnownSchedule> schedules(TenantId tenant, @Nullable String after, int limit) {
    return store.read(() -> table.schedules.list(tenant, after, limit));
  }

  @Override
  public DueSchedules dueSchedules(int max) {
    return store.read(() -> table.schedules.due(store.now(), max));
  }

  @Override
  public List<DeadLetterEntry> deadLetters(DeadLetterQuery query) {
    return store.read(() -> table.letters.page(query));
  }

  @Override
  public List<Place> deadLetterPlaces(DeadLetterQuery query) {
    return store.read(() -> table.letters.places(query));
  }

  @Override
  public Optional<DeadLetterEntry> deadLetter(TenantId tenant, JobId id) {
    return store.read(() -> table.letters.find(tenant, id));
  }

  @Override
  public long countDeadLetters(DeadLetterQuery query) {
    return store.read(() -> table.letters.count(query));
  }

  @Override
  public List<DeadLetterGroup> deadLetterGroups(DeadLetterQuery query) {
    return store.read(() -> table.letters.groups(query));
  }

  @Override
  public List<JobId> openJobs(
      TenantId tenant, JobFilter filter, @Nullable JobId before, int limit) {
    return store.read(() -> open(tenant, filter, before).limit(limit).toList());
  }

  @Override
  public long countOpenJobs(TenantId tenant, JobFilter filter, int limit) {
    return store.read(() -> open(tenant, filter, null).limit(limit).count());
  }

  private Stream<JobId> open(TenantId tenant, JobFilter filter, @Nullable JobId before) {
    JobFilter.Tag tag = filter.tag();
    JobQuery query =
        new JobQuery(
            tenant,
            filter.worker(),
            filter.status(),
            filter.createdAfter(),
            filter.createdBefore(),
            tag == null ? null : new JobQuery.Tag(tag.key(), tag.value()),
            before,
            Integer.MAX_VALUE,
            false);
    return table.rows.descendingMap().values().stream()
        .filter(row -> !row.phase.done() && matches(row, query))
        .map(Row::id);
  }

  @Override
  public Optional<Operation> operation(TenantId tenant, OperationId id) {
    return store.read(() ->
        Optional.ofNullable(table.operations.get(id))
            .filter(operation -> operation.tenant().equals(tenant)));
  }

  @Override
  public List<Operation> openOperations() {
    return store.read(() ->
        table.operations.values().stream()
            .filter(operation -> !operation.done())
            .sorted(
                Comparator.comparing(Operation::dueAt)
                    .thenComparing(operation -> operation.id().toString()))
            .toList());
  }

  @Override
  public List<Restore> restores() {
    return store.read(() -> table.restores.reversed().stream().toList());
  }

  @Override
  public List<KnownWorker> workers() {
    return store.read(table.workers::all);
  }

  @Override
  public Optional<WorkerSpec> worker(String name, int version) {
    return store.read(() -> table.workers.version(name, version));
  }
}
