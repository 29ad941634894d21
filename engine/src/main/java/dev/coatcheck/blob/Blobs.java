package dev.coatcheck.blob;

import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/**
 * Where the bytes of files lie, addressed by tenant and SHA-256: equal bytes of one tenant are kept
 * once, and no tenant can find out what another one has. Safe for use from any number of threads.
 */
public interface Blobs {

  /**
   * Begins to take bytes in. Close the intake; without {@link Intake#keep} nothing stays of it.
   *
   * @param max bytes at most
   * @throws StoreUnavailableException if the storage fails
   */
  Intake begin(TenantId tenant, long max);

  /**
   * The bytes from an offset on; the caller closes the stream.
   *
   * @throws java.nio.file.NoSuchFileException if there are none under this digest
   */
  InputStream open(TenantId tenant, String sha256, long offset) throws IOException;

  /**
   * Deletes what nothing refers to. Young bytes stay: their file may be about to be recorded.
   *
   * @return how many were deleted
   * @throws StoreUnavailableException if the storage fails
   */
  int sweep(References references);

  /** Bytes on their way in, never held in memory whole. For one thread. */
  interface Intake extends AutoCloseable {

    /**
     * Takes some more.
     *
     * @throws TooLargeException if that would be more than allowed
     * @throws StoreUnavailableException if the storage fails
     */
    void write(byte[] bytes, int offset, int length) throws TooLargeException;

    /**
     * Makes what was taken in durable.
     *
     * @throws StoreUnavailableException if the storage fails; nothing is kept then
     */
    Blob keep();

    @Override
    void close();
  }

  /** What was taken in. */
  record Blob(String sha256, long size) {}

  /** Which bytes are referred to. */
  @FunctionalInterface
  interface References {

    /** Picks from a tenant's digests those that a file has. */
    Set<String> among(TenantId tenant, Set<String> sha256s);
  }

  /** More bytes than allowed. */
  final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    public TooLargeException(long max) {
      super("more than " + max + " bytes");
    }
  }
}
