package dev.coatcheck.server.secret;

import dev.coatcheck.server.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

  private final byte[] secret;

  private SecretKey(byte[] secret) {
    this.secret = secret;
  }

  public static SecretKey of(String secret) {
    return new SecretKey(secret.getBytes(StandardCharsets.UTF_8));
  }

  /** The key in the folder; made there the first time, for this user's eyes only. */
  public static SecretKey in(Path folder, RandomGenerator random) {
    Path file = folder.resolve(FILE);
    try {
      try {
        return of(Files.readString(file).strip());
      } catch (NoSuchFileException first) {
        return made(file, random);
      }
    } catch (IOException trouble) {
      throw new ConfigException(List.of("the secret key cannot be kept: " + trouble));
    }
  }

  private static SecretKey made(Path file, RandomGenerator random) throws IOException {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String text = HexFormat.of().formatHex(bytes);
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException raced) {
      return of(Files.readString(file).strip());
    }
    Files.writeString(file, text + "\n");
    return of(text);
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
