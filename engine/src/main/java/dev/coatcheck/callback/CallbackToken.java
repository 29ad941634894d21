package dev.coatcheck.callback;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Sha256;
import dev.coatcheck.job.TokenText;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The right to report once to whoever holds, or held, a job under one fence. It goes to a third
 * party, so stores keep {@link #hash} and not the token.
 *
 * @param fence of the grant that it was made for
 * @param secret {@link #SECRET_BYTES} random bytes
 */
public record CallbackToken(JobId job, long fence, Payload secret) {

  public static final String PREFIX = "cb_";
  public static final int SECRET_BYTES = 32;

  private static final int BYTES = 3 * Long.BYTES + SECRET_BYTES;

  public static CallbackToken of(JobId job, long fence, RandomGenerator random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new CallbackToken(job, fence, Payload.of(secret));
  }

  /** Reads a token as {@link #wire} writes it; empty for anything else. */
  public static Optional<CallbackToken> parse(String text) {
    return TokenText.read(text, PREFIX, BYTES).map(CallbackToken::of);
  }

  private static CallbackToken of(ByteBuffer bytes) {
    JobId job = new JobId(bytes.getLong(), bytes.getLong());
    long fence = bytes.getLong();
    byte[] secret = new byte[SECRET_BYTES];
    bytes.get(secret);
    return new CallbackToken(job, fence, Payload.of(secret));
  }

  /** The token as it stands in a URL. */
  public String wire() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(job.high()).putLong(job.low()).putLong(fence);
    return TokenText.of(PREFIX, bytes.put(secret.bytes()));
  }

  /** What a store keeps of it: SHA-256 of the secret. */
  public Payload hash() {
    return hash(secret);
  }

  /** {@link #hash} of any token with this secret. */
  public static Payload hash(Payload secret) {
    return Payload.of(Sha256.of(secret.bytes()));
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "CallbackToken[" + job + ", " + fence + "]";
  }
}
