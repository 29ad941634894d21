package dev.coatcheck.server.config;

import dev.coatcheck.job.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The key of the administrator; only its hash is kept. */
public final class AdminKey {

  public static final int LENGTH_MIN = 32;

  private final byte[] hash;

  AdminKey(String secret) {
    this.hash = hash(secret);
  }

  /** Compares in a time that tells nothing of the key. */
  public boolean matches(String given) {
    return MessageDigest.isEqual(hash, hash(given));
  }

  /** Changes with the key and tells nothing of it. */
  public String fingerprint() {
    return HexFormat.of().formatHex(hash(HexFormat.of().formatHex(hash)));
  }

  private static byte[] hash(String secret) {
    return Sha256.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "AdminKey[hidden]";
  }
}
