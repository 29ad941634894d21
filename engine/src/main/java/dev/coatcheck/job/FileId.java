package dev.coatcheck.job;

import java.time.Instant;
import java.util.Optional;

/** Identity of a file: like that of a job, 48 bits of time in milliseconds, then 80 random bits. */
public record FileId(long high, long low) {

  public static final String PREFIX = "file_";

  /** An id created at the instant with the given 16 and 64 random bits. */
  public static FileId of(Instant at, int random16, long random64) {
    return new FileId((at.toEpochMilli() << 16) | (random16 & 0xFFFF), random64);
  }

  /** Parses {@code file_} and 26 characters; empty if the text is anything else. */
  public static Optional<FileId> parse(String text) {
    int offset = PREFIX.length();
    if (!text.startsWith(PREFIX) || !Crockford.valid(text, offset)) {
      return Optional.empty();
    }
    return Optional.of(new FileId(Crockford.high(text, offset), Crockford.low(text, offset)));
  }

  @Override
  public String toString() {
    return PREFIX + Crockford.encode(high, low);
  }
}
