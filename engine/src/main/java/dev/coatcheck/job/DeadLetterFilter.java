package dev.coatcheck.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant; null conditions do not filter.
 *
 * @param code an {@link ErrorCode} as it is written
 * @param failedAfter inclusive
 * @param failedBefore exclusive
 */
public record DeadLetterFilter(
    @Nullable String worker,
    @Nullable String code,
    @Nullable String fingerprint,
    @Nullable Instant failedAfter,
    @Nullable Instant failedBefore) {

  /** All of them. */
  public static final DeadLetterFilter NONE = new DeadLetterFilter(null, null, null, null, null);

  /** Those of this worker. */
  public static DeadLetterFilter of(String worker) {
    return new DeadLetterFilter(worker, null, null, null, null);
  }

  /** The same, and none that failed after this millisecond. */
  public DeadLetterFilter until(Instant last) {
    Instant end = last.plusMillis(1);
    return failedBefore != null && failedBefore.isBefore(end)
        ? this
        : new DeadLetterFilter(worker, code, fingerprint, failedAfter, end);
  }
}
