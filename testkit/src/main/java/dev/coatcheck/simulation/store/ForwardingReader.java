package dev.coatcheck.simulation.store;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterGroup;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobId;
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
import dev.coatcheck.worker.WorkerSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every read of another reader, each through {@link #through}. */
public class ForwardingReader implements Reader {

  private final Reader inner;

  protected ForwardingReader(Reader inner) {
    this.inner = inner;
  }

  /** Does one read. */
  protected <T> T through(Supplier<T> look) {
    return look.get();
  }

  @Override
  public Lookup job(TenantId tenant, JobId id) {
    return through(() -> inner.job(tenant, id));
  }

  @Override
  public List<Attempt> attempts(TenantId tenant, JobId id) {
    return through(() -> inner.attempts(tenant, id));
  }

  @Override
  public List<DeadLetterEntry> deadLetters(DeadLetterQuery query) {
    return through(() -> inner.deadLetters(query));
  }

  @Override
  public List<Place> deadLetterPlaces(DeadLetterQuery query) {
    return through(() -> inner.deadLetterPlaces(query));
  }

  @Override
  public Optional<DeadLetterEntry> deadLetter(TenantId tenant, JobId id) {
    return through(() -> inner.deadLetter(tenant, id));
  }

  @Override
  public long countDeadLetters(DeadLetterQuery query) {
    return through(() -> inner.countDeadLetters(query));
  }

  @Override
  public List<DeadLetterGroup> deadLetterGroups(DeadLetterQuery query) {
    return through(() -> inner.deadLetterGroups(query));
  }

  @Override
  public List<JobId> openJobs(
      TenantId tenant, JobFilter filter, @Nullable JobId before, int limit) {
    return through(() -> inner.openJobs(tenant, filter, before, limit));
  }

  @Override
  public long countOpenJobs(TenantId tenant, JobFilter filter, int limit) {
    return through(() -> inner.countOpenJobs(tenant, filter, limit));
  }

  @Override
  public Optional<Operation> operation(TenantId tenant, OperationId id) {
    return through(() -> inner.operation(tenant, id));
  }

  @Override
  public List<Operation> openOperations() {
    return through(inner::openOperations);
  }

  @Override
  public List<Restore> restores() {
    return through(inner::restores);
  }

  @Override
  public Optional<KnownSchedule> schedule(TenantId tenant, String name) {
    return through(() -> inner.schedule(tenant, name));
  }

  @Override
  public List<KnownSchedule> schedules(TenantId tenant, @Nullable String after, int limit) {
    return through(() -> inner.schedules(tenant, after, limit));
  }

  @Override
  public DueSchedules dueSchedules(int max) {
    return through(() -> inner.dueSchedules(max));
  }

  @Override
  public EventPage events(TenantId tenant, JobId id, long after, int limit) {
    return through(() -> inner.events(tenant, id, after, limit));
  }

  @Override
  public List<Job> jobs(JobQuery query) {
    return through(() -> inner.jobs(query));
  }

  @Override
  public List<Progressed> progressed(Set<JobId> jobs) {
    return through(() -> inner.progressed(jobs));
  }

  @Override
  public Set<String> ready(Set<String> workers) {
    return through(() -> inner.ready(workers));
  }

  @Override
  public WorkerCounts counts(String worker) {
    return through(() -> inner.counts(worker));
  }

  @Override
  public long running(String worker, String lane) {
    return through(() -> inner.running(worker, lane));
  }

  @Override
  public OptionalInt ahead(Job job, int max) {
    return through(() -> inner.ahead(job, max));
  }

  @Override
  public List<Finished> recent(int limit) {
    return through(() -> inner.recent(limit));
  }

  @Override
  public List<LeaseToken> heldBy(RunnerId node) {
    return through(() -> inner.heldBy(node));
  }

  @Override
  public Standing standing(LeaseToken lease) {
    return through(() -> inner.standing(lease));
  }

  @Override
  public List<KnownWorker> workers() {
    return through(inner::workers);
  }

  @Override
  public Optional<WorkerSpec> worker(String name, int version) {
    return through(() -> inner.worker(name, version));
  }

  @Override
  public Optional<StoredFile> file(TenantId tenant, FileId id) {
    return through(() -> inner.file(tenant, id));
  }

  @Override
  public Set<String> digests(TenantId tenant, Set<String> sha256s) {
    return through(() -> inner.digests(tenant, sha256s));
  }
}
