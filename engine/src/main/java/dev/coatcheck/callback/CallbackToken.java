package dev.coatcheck.callback;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
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
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    if (bytes.length != BYTES) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    JobId job = new JobId(buffer.getLong(), buffer.getLong());
    long fence = buffer.getLong();
    byte[] secret = new byte[SECRET_BYTES];
    buffer.get(secret);
    CallbackToken token = new CallbackToken(job, fence, Payload.of(secret));
    // Base64 has several texts for the same bytes; a token has one.
    return token.wire().equals(text) ? Optional.of(token) : Optional.empty();
  }

  /** The token as it stands in a URL. */
  public String wire() {
    ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    buffer.putLong(job.high()).putLong(job.low()).putLong(fence).put(secret.bytes());
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
  }

  /** What a store keeps of it: SHA-256 of the secret. */
  public Payload hash() {
    return hash(secret);
  }

  /** {@link #hash} of any token with this secret. */
  public static Payload hash(Payload secret) {
    try {
      return Payload.of(MessageDigest.getInstance("SHA-256").digest(secret.bytes()));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "CallbackToken[" + job + ", " + fence + "]";
  }
}
