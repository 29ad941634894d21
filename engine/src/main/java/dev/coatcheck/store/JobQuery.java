package dev.coatcheck.store;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A page of a tenant's jobs, newest first. Null conditions do not filter.
 *
 * @param createdAfter inclusive
 * @param createdBefore exclusive
 * @param before only jobs older than this one, exclusive: the cursor
 * @param payloads whether input and output are read
 */
public record JobQuery(
    TenantId tenant,
    @Nullable String worker,
    @Nullable JobStatus status,
    @Nullable Instant createdAfter,
    @Nullable Instant createdBefore,
    @Nullable Tag tag,
    @Nullable JobId before,
    int limit,
    boolean payloads) {

  /** A metadata entry whose key is among the store's indexed keys. */
  public record Tag(String key, String value) {}

  public static JobQuery of(TenantId tenant, int limit) {
    return new JobQuery(tenant, null, null, null, null, null, null, limit, false);
  }
}
