package dev.coatcheck.server.secret;

import dev.coatcheck.server.config.ConfigException;
import dev.coatcheck.store.folder.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the server signs with. Each use has a key of its own, derived by HMAC-SHA-256 (RFC 2104)
 * with the name of the use, so that no signature is good for anything else.
 */
public final class SecretKey {

  private static final String FILE = "secret.key";
  private static final String HMAC = "HmacSHA256";
  private static final int BYTES = 32;
  private static final int LENGTH_MIN = 32;

  private final byte[] secret;

  private SecretKey(byte[] secret) {
    this.secret = secret;
  }

  public static SecretKey of(String secret) {
    return new SecretKey(secret.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The key in the folder; made there the first time, for this user's eyes only.
   *
   * @throws ConfigException if it cannot be kept there, or is damaged
   */
  public static SecretKey in(Path folder, RandomGenerator random) {
    Path file = folder.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        make(folder, file, random);
      }
      String secret = Files.readString(file).strip();
      if (secret.length() < LENGTH_MIN) {
        throw new ConfigException(
            List.of(
                file + " is damaged; without it a new one is made, and links and sessions end"));
      }
      return of(secret);
    } catch (IOException trouble) {
      throw new ConfigException(List.of("the secret key cannot be kept: " + trouble));
    }
  }

  /** Written beside and moved: whatever happens meanwhile, there is no half of a key. */
  private static void make(Path folder, Path file, RandomGenerator random) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, OwnerOnly.folder());
    }
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    Path fresh = Files.createTempFile(folder, FILE, ".new", OwnerOnly.file());
    try {
      Files.writeString(fresh, HexFormat.of().formatHex(bytes) + "\n", StandardOpenOption.SYNC);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** A signer for one use. */
  public Signer signer(String use) {
    return new Signer(hmac(secret, use.getBytes(StandardCharsets.UTF_8)));
  }

  /** Signs texts for one use. */
  public static final class Signer {

    private final byte[] key;

    private Signer(byte[] key) {
      this.key = key;
    }

    /** The signature of a text, 32 bytes. */
    public byte[] sign(String text) {
      return hmac(key, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] hmac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
