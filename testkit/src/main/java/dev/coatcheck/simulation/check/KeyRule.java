package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I6;

import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * I6 at the store: one job for each idempotency key of a tenant; the same key with another
 * fingerprint makes none; of one unique key no two jobs are open. All keys of a run are younger
 * than the time for which a store remembers them.
 */
final class KeyRule {

  private record Key(TenantId tenant, Payload key) {}

  private record First(JobId job, Payload fingerprint) {}

  private final History history;
  private final Map<Key, First> firsts = new HashMap<>();

  KeyRule(History history) {
    this.history = history;
  }

  void submitted(Map<JobId, JobFile> files, NewJob job, Result result) {
    switch (result) {
      case Result.Accepted(var stored) -> stored(files, job, stored.id());
      case Result.Started(var stored, var grant) -> stored(files, job, stored.id());
      case Result.Existing(var id) -> named(job, id, false);
      case Result.Replayed(var id) -> named(job, id, true);
      case Result.KeyReused(var id) -> reused(job);
      default -> {}
    }
  }

  private void stored(Map<JobId, JobFile> files, NewJob job, JobId id) {
    named(job, id, false);
    if (job.uniqueKey() != null) {
      for (Map.Entry<JobId, JobFile> entry : files.entrySet()) {
        JobFile other = entry.getValue();
        history.require(
            entry.getKey().equals(id)
                || other.job.done()
                || !job.tenant().equals(other.job.tenant())
                || !job.worker().equals(other.job.worker())
                || !job.uniqueKey().equals(other.uniqueKey),
            I6,
            () -> "a second open job has the unique key of " + other.alias);
      }
    }
  }

  private void named(NewJob job, JobId id, boolean replayed) {
    Idempotency key = job.idempotency();
    if (key == null) {
      return;
    }
    First first = firsts.get(new Key(job.tenant(), key.key()));
    if (first == null) {
      history.require(!replayed, I6, () -> "a key that was never used was replayed for " + id);
      firsts.put(new Key(job.tenant(), key.key()), new First(id, key.fingerprint()));
      return;
    }
    history.require(first.job.equals(id), I6, () -> "one key names " + first.job + " and " + id);
    history.require(
        first.fingerprint.equals(key.fingerprint()),
        I6,
        () -> "a key was taken for another submission than that of " + first.job);
  }

  private void reused(NewJob job) {
    Idempotency key = Objects.requireNonNull(job.idempotency());
    First first = firsts.get(new Key(job.tenant(), key.key()));
    history.require(
        first != null && !first.fingerprint.equals(key.fingerprint()),
        I6,
        () -> "a submission was refused as if its key had been used for another");
  }
}
