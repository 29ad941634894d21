package dev.coatcheck.operation;

import dev.coatcheck.job.JobId;
import java.time.Instant;
import java.util.Optional;

/**
 * Identity of an operation: like that of a job, 48 bits of time in milliseconds, then 80 random
 * bits.
 */
public record OperationId(long high, long low) {

  public static final String PREFIX = "op_";

  /** An id created at the instant with the given 16 and 64 random bits. */
  public static OperationId of(Instant at, int random16, long random64) {
    return new OperationId((at.toEpochMilli() << 16) | (random16 & 0xFFFF), random64);
  }

  /** Parses {@code op_} and 26 characters; empty if the text is anything else. */
  public static Optional<OperationId> parse(String text) {
    return text.startsWith(PREFIX)
        ? JobId.parse(JobId.PREFIX + text.substring(PREFIX.length()))
            .map(id -> new OperationId(id.high(), id.low()))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return PREFIX + new JobId(high, low).toString().substring(JobId.PREFIX.length());
  }
}
