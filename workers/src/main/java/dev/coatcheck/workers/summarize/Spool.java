package dev.coatcheck.workers.summarize;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder for one input and what reading it needs; gone when closed. */
final class Spool implements AutoCloseable {

  private static final int BUFFER_LENGTH = 64 * 1024;

  private final Path folder;

  private Spool(Path folder) {
    this.folder = folder;
  }

  static Spool open() throws IOException {
    return new Spool(Files.createTempDirectory("coatcheck-summarize-"));
  }

  /**
   * What is in the file.
   *
   * @param sha256 64 lower-case hexadecimal digits
   */
  record Digested(long bytes, String sha256) {}

  /** Called for each part that was copied or digested; ends the work by throwing. */
  @FunctionalInterface
  interface Step {
    void passed(long bytes) throws InterruptedException;
  }

  /** Where the input goes. */
  Path file() {
    return folder.resolve("input");
  }

  /** Copies {@code in} into the file. */
  Digested copy(InputStream in, Step step) throws IOException, InterruptedException {
    try (OutputStream out = Files.newOutputStream(file())) {
      return transfer(in, out, step);
    }
  }

  /** Reads the file once. */
  Digested digest(Step step) throws IOException, InterruptedException {
    try (InputStream in = Files.newInputStream(file())) {
      return transfer(in, OutputStream.nullOutputStream(), step);
    }
  }

  static Digested digest(byte[] bytes) {
    return new Digested(bytes.length, HexFormat.of().formatHex(sha256().digest(bytes)));
  }

  private static Digested transfer(InputStream in, OutputStream out, Step step)
      throws IOException, InterruptedException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER_LENGTH];
    long bytes = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      out.write(buffer, 0, read);
      digest.update(buffer, 0, read);
      bytes += read;
      step.passed(bytes);
    }
    return new Digested(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> inner = paths.toList().reversed();
      for (Path path : inner) {
        Files.deleteIfExists(path);
      }
    }
  }
}
