package dev.coatcheck.job;

import java.time.Instant;
import java.util.Optional;

/**
 * Identity of a job: 48 bits of time in milliseconds, then 80 random bits, so that ids sort by
 * creation and cannot be guessed. The time is the job's creation time.
 */
public record JobId(long high, long low) implements Comparable<JobId> {

  public static final String PREFIX = "job_";

  /** The smallest id that could have been created at the instant, for ranges over time. */
  public static JobId floor(Instant at) {
    return new JobId(at.toEpochMilli() << 16, 0);
  }

  /** An id created at the instant with the given 16 and 64 random bits. */
  public static JobId of(Instant at, int random16, long random64) {
    return new JobId((at.toEpochMilli() << 16) | (random16 & 0xFFFF), random64);
  }

  /** Parses {@code job_} and 26 characters; empty if the text is anything else. */
  public static Optional<JobId> parse(String text) {
    int offset = PREFIX.length();
    if (!text.startsWith(PREFIX) || !Crockford.valid(text, offset)) {
      return Optional.empty();
    }
    return Optional.of(new JobId(Crockford.high(text, offset), Crockford.low(text, offset)));
  }

  public Instant createdAt() {
    return Instant.ofEpochMilli(high >>> 16);
  }

  @Override
  public int compareTo(JobId other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    return PREFIX + Crockford.encode(high, low);
  }
}
