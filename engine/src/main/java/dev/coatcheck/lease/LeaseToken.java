package dev.coatcheck.lease;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TokenText;
import java.nio.ByteBuffer;
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
    return TokenText.read(text, PREFIX, BYTES).map(LeaseToken::of);
  }

  private static LeaseToken of(ByteBuffer bytes) {
    JobId job = new JobId(bytes.getLong(), bytes.getLong());
    return new LeaseToken(job, bytes.getLong(), bytes.getLong(), bytes.getLong());
  }

  /** The token as runners see it. */
  public String wire() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(job.high()).putLong(job.low()).putLong(fence);
    return TokenText.of(PREFIX, bytes.putLong(secretHigh).putLong(secretLow));
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "LeaseToken[" + job + ", " + fence + "]";
  }
}
