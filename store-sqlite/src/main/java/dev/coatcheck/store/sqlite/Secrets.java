package dev.coatcheck.store.sqlite;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.Payload;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The secrets of as many leases of runners elsewhere as one statement may grant. */
final class Secrets {

  /**
   * What is random in the tokens of one lease.
   *
   * @param callback null if it has no token to call back
   */
  record Lease(long high, long low, @Nullable Payload callback) {}

  private static final int LEASE_BYTES = 2 * Long.BYTES;
  private static final int HASH_BYTES = 32;

  private final byte[] leases;
  private final byte[] hashes;
  private final Map<Payload, Payload> callbacks = new HashMap<>();

  Secrets(RandomGenerator random, int count) {
    leases = new byte[LEASE_BYTES * count];
    hashes = new byte[HASH_BYTES * count];
    ByteBuffer nextLease = ByteBuffer.wrap(leases);
    ByteBuffer nextHash = ByteBuffer.wrap(hashes);
    for (int i = 0; i < count; i++) {
      byte[] callback = new byte[CallbackToken.SECRET_BYTES];
      random.nextBytes(callback);
      byte[] lease = Bind.blob(random.nextLong(), random.nextLong());
      nextLease.put(lease);
      nextHash.put(CallbackToken.hash(Payload.of(callback)).bytes());
      callbacks.put(Payload.of(lease), Payload.of(callback));
    }
  }

  /** The secrets of the lease tokens, one after the other. */
  byte[] leases() {
    return leases;
  }

  /** The hashes of the callback tokens, one after the other. */
  byte[] hashes() {
    return hashes;
  }

  /** The secrets of the lease that was granted with this one. */
  Lease of(byte[] lease) {
    ByteBuffer bytes = ByteBuffer.wrap(lease);
    Payload callback = Objects.requireNonNull(callbacks.get(Payload.of(lease)));
    return new Lease(bytes.getLong(), bytes.getLong(), callback);
  }
}
