package dev.coatcheck.store.folder;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bytes on their way into the folder. */
final class Arriving implements Blobs.Intake {

  private static final Logger log = LoggerFactory.getLogger(Arriving.class);

  /** How many bytes are taken between two looks at the room on the disk. */
  private static final long LOOK_EVERY = 1 << 20;

  private final FolderBlobs blobs;
  private final TenantId tenant;
  private final long max;
  private final Path file;
  private final FileChannel channel;
  private final MessageDigest digest = sha256();
  private long size;

  Arriving(FolderBlobs blobs, TenantId tenant, Path folder, long max) {
    this.blobs = blobs;
    this.tenant = tenant;
    this.max = max;
    this.file = folder.resolve(UUID.randomUUID().toString());
    try {
      blobs.requireRoom();
      this.channel = Private.create(file);
    } catch (IOException trouble) {
      throw unavailable(trouble);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws Blobs.TooLargeException {
    if (size + length > max) {
      throw new Blobs.TooLargeException(max);
    }
    try {
      if ((size + length) / LOOK_EVERY > size / LOOK_EVERY) {
        blobs.requireRoom();
      }
      ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException trouble) {
      throw unavailable(trouble);
    }
    digest.update(bytes, offset, length);
    size += length;
  }

  @Override
  public Blobs.Blob keep() {
    Blobs.Blob blob = new Blobs.Blob(HexFormat.of().formatHex(digest.digest()), size);
    try {
      channel.force(true);
      channel.close();
      blobs.settle(file, tenant, blob);
    } catch (IOException trouble) {
      throw unavailable(trouble);
    }
    return blob;
  }

  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException trouble) {
      log.warn("a half file stays until the next start: {}", trouble.toString());
    }
  }

  private static StoreUnavailableException unavailable(IOException trouble) {
    return new StoreUnavailableException("a file could not be written: " + trouble, trouble);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
