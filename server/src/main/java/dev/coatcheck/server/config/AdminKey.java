package dev.coatcheck.server.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return "AdminKey[hidden]";
  }
}
