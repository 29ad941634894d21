package dev.coatcheck.file;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.TenantId;
import java.time.Instant;

/**
 * What is known of a file.
 *
 * @param name as the caller named it; for people, never a path
 * @param contentType as the caller declared it; not checked against the bytes
 * @param size in bytes
 * @param sha256 digest of the bytes, 64 lower-case hexadecimal digits; with the tenant it addresses
 *     them
 * @param expiresAt when it may be deleted; while an open job refers to it, it is kept beyond
 */
public record StoredFile(
    FileId id,
    TenantId tenant,
    String name,
    String contentType,
    long size,
    String sha256,
    Instant createdAt,
    Instant expiresAt) {

  /** The same file, kept until another time. */
  public StoredFile until(Instant expiry) {
    return new StoredFile(id, tenant, name, contentType, size, sha256, createdAt, expiry);
  }
}
