package dev.coatcheck.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which open jobs are meant; null conditions do not filter.
 *
 * @param status {@code QUEUED} or {@code RUNNING}
 * @param createdAfter inclusive
 * @param createdBefore exclusive
 * @param tag an entry of the metadata whose key the store indexes
 */
public record JobFilter(
    @Nullable String worker,
    @Nullable JobStatus status,
    @Nullable Instant createdAfter,
    @Nullable Instant createdBefore,
    @Nullable Tag tag) {

  /** All of them. */
  public static final JobFilter NONE = new JobFilter(null, null, null, null, null);

  /** An entry of the metadata. */
  public record Tag(String key, String value) {}

  public JobFilter {
    if (status != null && status.done()) {
      throw new IllegalArgumentException("a job that is " + status.wire() + " is not open");
    }
  }

  /** Those of this worker. */
  public static JobFilter of(String worker) {
    return new JobFilter(worker, null, null, null, null);
  }

  /** The same, and none that was created after this millisecond. */
  public JobFilter until(Instant last) {
    Instant end = last.plusMillis(1);
    return createdBefore != null && createdBefore.isBefore(end)
        ? this
        : new JobFilter(worker, status, createdAfter, end, tag);
  }
}
