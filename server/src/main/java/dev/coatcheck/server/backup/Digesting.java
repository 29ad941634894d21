package dev.coatcheck.server.backup;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Copies bytes, counts them and works out their SHA-256. */
final class Digesting {

  private static final int PIECE = 64 * 1024;

  private Digesting() {}

  /** Takes one piece after the other. */
  @FunctionalInterface
  interface Sink {
    void write(byte[] bytes, int offset, int length) throws IOException;
  }

  static Manifest.Sum copy(InputStream in, Sink to) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[PIECE];
    long size = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      digest.update(buffer, 0, read);
      to.write(buffer, 0, read);
      size += read;
    }
    return new Manifest.Sum(size, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
