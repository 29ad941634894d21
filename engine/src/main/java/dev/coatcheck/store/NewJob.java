package dev.coatcheck.store;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Lineage;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.job.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job about to be stored, every default resolved. Durations are counted by the store's clock from
 * the commit on.
 *
 * @param lane what shares of the worker are dealt to: a fairness key, or the tenant
 * @param queueTimeout counted from the commit or {@code runAt}, whichever is later
 * @param reuse what it may share with jobs that ask for the same work; null for nothing
 * @param files which files the job refers to; they are kept as long as it is open
 * @param occasion which instant of a schedule the job is for; null if it is of none
 * @param holdMicros credits taken aside with the submission; nothing yet uses it
 */
public record NewJob(
    JobId id,
    TenantId tenant,
    String worker,
    int workerVersion,
    Payload input,
    @Nullable String uniqueKey,
    int priority,
    String lane,
    @Nullable Instant runAt,
    @Nullable Duration delay,
    @Nullable Duration queueTimeout,
    Duration runTimeout,
    Duration deadline,
    int maxAttempts,
    int queueLimit,
    Map<String, String> metadata,
    List<FileId> files,
    @Nullable Idempotency idempotency,
    @Nullable JobId retryOf,
    @Nullable Lineage lineage,
    @Nullable Occasion occasion,
    @Nullable Reuse reuse,
    long holdMicros) {

  /** The same, for an instant of a schedule; it is done then, whatever is known already. */
  public NewJob on(Occasion of) {
    return new NewJob(
        id,
        tenant,
        worker,
        workerVersion,
        input,
        uniqueKey,
        priority,
        lane,
        runAt,
        delay,
        queueTimeout,
        runTimeout,
        deadline,
        maxAttempts,
        queueLimit,
        metadata,
        files,
        idempotency,
        retryOf,
        lineage,
        of,
        reuse == null ? null : reuse.anew(),
        holdMicros);
  }
}
