package dev.coatcheck.simulation.store;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Restore;
import dev.coatcheck.worker.WorkerSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

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
  public List<Restore> restores() {
    return through(inner::restores);
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
