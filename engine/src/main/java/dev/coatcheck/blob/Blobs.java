package dev.coatcheck.blob;

import dev.coatcheck.job.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;

/**
 * Where the bytes of files lie, addressed by tenant and SHA-256: equal bytes of one tenant are kept
 * once, and no tenant can find out what another one has. Safe for use from any number of threads.
 */
public interface Blobs {

  /**
   * Takes the bytes of a stream in, never holding them in memory whole. When this returns, they are
   * durable. It does not close the stream.
   *
   * @param max bytes at most
   * @throws TooLargeException if the stream has more; nothing is kept then
   * @throws IOException if the stream or the storage fails; nothing is kept then
   */
  Blob put(TenantId tenant, InputStream content, long max) throws IOException;

  /**
   * The bytes from an offset on.
   *
   * @throws java.nio.file.NoSuchFileException if there are none under this digest
   */
  InputStream open(TenantId tenant, String sha256, long offset) throws IOException;

  /**
   * Deletes what nothing refers to any more, leaving young bytes alone: their file may be about to
   * be recorded.
   *
   * @param referred picks from a tenant's digests those that a file has
   * @return how many were deleted
   */
  int sweep(Function<Addresses, Set<String>> referred) throws IOException;

  /** Digests of one tenant. */
  record Addresses(TenantId tenant, Collection<String> sha256s) {}

  /** What was taken in. */
  record Blob(String sha256, long size) {}

  /** The stream has more bytes than allowed. */
  final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    public TooLargeException(long max) {
      super("more than " + max + " bytes");
    }
  }
}
