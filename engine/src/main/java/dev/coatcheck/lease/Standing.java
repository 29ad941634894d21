package dev.coatcheck.lease;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.TenantId;
import org.jspecify.annotations.Nullable;

/** How a lease stands, told only to whoever has its token. */
public sealed interface Standing {

  /** It holds its job. */
  record Held(TenantId tenant, String worker, int workerVersion, int attempt, int maxAttempts)
      implements Standing {}

  /**
   * It has ended.
   *
   * @param error the code of the failure that ended it
   */
  record Ended(TenantId tenant, Attempt.State state, @Nullable ErrorCode error)
      implements Standing {}

  /** No job has, or had, such a lease. */
  record Unknown() implements Standing {}
}
