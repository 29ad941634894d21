package dev.coatcheck.store;

import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operation.Place;
import org.jspecify.annotations.Nullable;

/**
 * A page of a tenant's dead letters, the one that failed last first.
 *
 * @param before only those after this place in the list, exclusive: the cursor
 */
public record DeadLetterQuery(
    TenantId tenant,
    DeadLetterFilter filter,
    DeadLetter.State state,
    @Nullable Place before,
    int limit) {

  /** The first page of those that are open. */
  public static DeadLetterQuery open(TenantId tenant, DeadLetterFilter filter, int limit) {
    return new DeadLetterQuery(tenant, filter, DeadLetter.State.OPEN, null, limit);
  }
}
