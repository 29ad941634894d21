package dev.coatcheck.store;

import dev.coatcheck.job.JobId;
import java.time.Duration;
import java.time.Instant;

/**
 * That a store was put back to an earlier state.
 *
 * @param cutAt what was acknowledged before is there; what came after is not
 * @param restoredAt when the leases of that state were ended
 * @param leases how many those were
 */
public record Restore(Instant cutAt, Instant restoredAt, int leases) {

  /** How long a job may have had its id before it was acknowledged. */
  private static final Duration UNDER_WAY = Duration.ofMinutes(1);

  /** Whether a job that is not known may have been handed in and lost by this. */
  public boolean mayHaveLost(JobId unknown) {
    Instant createdAt = unknown.createdAt();
    return !createdAt.isBefore(cutAt.minus(UNDER_WAY)) && createdAt.isBefore(restoredAt);
  }
}
