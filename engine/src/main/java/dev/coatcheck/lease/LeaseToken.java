package dev.coatcheck.lease;

import dev.coatcheck.job.JobId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * Proof of the right to work on a job under one fence. The secret keeps a token from being guessed
 * and from matching a fence value that a store handed out twice.
 *
 * @param secretHigh with {@code secretLow} 128 random bits
 */
public record LeaseToken(JobId job, long fence, long secretHigh, long secretLow) {

  public static final String PREFIX = "lt_";

  private static final int BYTES = 5 * Long.BYTES;

  /** Reads a token as {@link #wire} writes it; empty for anything else. */
  public static Optional<LeaseToken> parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
      if (bytes.length != BYTES) {
        return Optional.empty();
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      JobId job = new JobId(buffer.getLong(), buffer.getLong());
      LeaseToken token = new LeaseToken(job, buffer.getLong(), buffer.getLong(), buffer.getLong());
      // Base64 has several texts for the same bytes; a token has one.
      return token.wire().equals(text) ? Optional.of(token) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** The token as runners see it. */
  public String wire() {
    ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    buffer.putLong(job.high()).putLong(job.low()).putLong(fence);
    buffer.putLong(secretHigh).putLong(secretLow);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "LeaseToken[" + job + ", " + fence + "]";
  }
}
