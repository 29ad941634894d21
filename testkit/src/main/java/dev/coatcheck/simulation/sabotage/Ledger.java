package dev.coatcheck.simulation.sabotage;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a sabotaged store knows of grants, and what it made of jobs; all nodes share it. */
final class Ledger {

  /** A lease as it was granted or renewed last. */
  record Lease(Grant grant, @Nullable RunnerId remote, @Nullable Instant until) {
    LeaseToken token() {
      return grant.token();
    }
  }

  private final Map<JobId, Lease> current = new LinkedHashMap<>();
  private final Map<LeaseToken, Lease> all = new LinkedHashMap<>();
  private final Map<JobId, UnaryOperator<Job>> altered = new LinkedHashMap<>();
  private final Set<JobId> hidden = new HashSet<>();
  private Consumer<JobId> changed = job -> {};

  void granted(Grant grant, @Nullable RunnerId remote) {
    keep(new Lease(grant, remote, grant.leaseUntil()));
  }

  void renewed(LeaseToken token, Instant until) {
    Lease lease = all.get(token);
    Lease last = current.get(token.job());
    if (lease != null && last != null && token.equals(last.token())) {
      keep(new Lease(lease.grant, lease.remote, until));
    }
  }

  private void keep(Lease lease) {
    current.put(lease.token().job(), lease);
    all.put(lease.token(), lease);
  }

  /** The last grant of the job. */
  @Nullable Lease last(JobId job) {
    return current.get(job);
  }

  @Nullable Lease of(LeaseToken token) {
    return all.get(token);
  }

  /** Leases of runners elsewhere that have run out by this time. */
  List<Lease> expired(Instant now) {
    return current.values().stream()
        .filter(lease -> lease.until != null && !lease.until.isAfter(now))
        .toList();
  }

  void tells(Consumer<JobId> told) {
    changed = told;
  }

  /** From now on the job is read otherwise than it is stored. */
  void alter(JobId job, UnaryOperator<Job> how) {
    altered.put(job, how);
    changed.accept(job);
  }

  /** Every job that was ever granted. */
  List<Lease> everyJob() {
    return List.copyOf(current.values());
  }

  /** From now on the job is told to be gone. */
  void hide(JobId job) {
    hidden.add(job);
  }

  boolean hides(JobId job) {
    return hidden.contains(job);
  }

  /** A job that was charged more. */
  static Job charged(Job job, Usage usage) {
    return with(job, job.phase(), job.output(), job.error(), job.usage().plus(usage), job.files());
  }

  Job seen(Job job) {
    return altered.getOrDefault(job.id(), UnaryOperator.identity()).apply(job);
  }

  /** A job that ended otherwise. */
  static Job ended(Job job, Phase phase, @Nullable Payload output, @Nullable JobError error) {
    return with(job, phase, output, error, job.files());
  }

  static Job with(
      Job job,
      Phase phase,
      @Nullable Payload output,
      @Nullable JobError error,
      List<FileId> files) {
    return with(job, phase, output, error, job.usage(), files);
  }

  private static Job with(
      Job job,
      Phase phase,
      @Nullable Payload output,
      @Nullable JobError error,
      Usage usage,
      List<FileId> files) {
    return new Job(
        job.id(),
        job.tenant(),
        job.worker(),
        job.workerVersion(),
        phase,
        job.waitReason(),
        job.fence(),
        job.attempt(),
        job.maxAttempts(),
        job.priority(),
        job.lane(),
        job.input(),
        output,
        error,
        job.progress(),
        usage,
        job.times(),
        job.metadata(),
        job.retryOf(),
        job.retriedBy(),
        job.lineage(),
        job.occasion(),
        job.cancel(),
        files,
        job.cached(),
        job.coalescedWith());
  }
}
