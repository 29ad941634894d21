package dev.coatcheck.store.postgres;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.blob.Blobs.Blob;
import dev.coatcheck.job.TenantId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/** Bytes on their way in: a piece at a time is in memory. */
final class ArrivingBlob implements Blobs.Intake {

  private final PostgresBlobs blobs;
  private final UUID id;
  private final TenantId tenant;
  private final long max;
  private final MessageDigest digest;
  private final byte[] piece = new byte[PostgresBlobs.PIECE];
  private int filled;
  private int pieces;
  private long size;
  private boolean over;

  ArrivingBlob(PostgresBlobs blobs, UUID id, TenantId tenant, long max) {
    this.blobs = blobs;
    this.id = id;
    this.tenant = tenant;
    this.max = max;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws Blobs.TooLargeException {
    if (size + length > max) {
      throw new Blobs.TooLargeException(max);
    }
    digest.update(bytes, offset, length);
    size += length;
    int from = offset;
    int left = length;
    while (left > 0) {
      int taken = Math.min(left, piece.length - filled);
      System.arraycopy(bytes, from, piece, filled, taken);
      filled += taken;
      from += taken;
      left -= taken;
      if (filled == piece.length) {
        store();
      }
    }
  }

  private void store() {
    byte[] full = Arrays.copyOf(piece, filled);
    int n = pieces;
    blobs.change(session -> session.bind(Sql.INSERT_PIECE).uuid(id).number(n).bytes(full).update());
    pieces++;
    filled = 0;
  }

  @Override
  public Blob keep() {
    if (filled > 0) {
      store();
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    blobs.change(session -> settle(session, sha256));
    over = true;
    return new Blob(sha256, size);
  }

  private boolean settle(Session session, String sha256) throws SQLException {
    Instant now = blobs.now(session);
    int before = session.bind(Sql.BLOB_AGAIN).text(tenant.value()).text(sha256).time(now).update();
    if (before == 0) {
      session.bind(Sql.KEEP_BLOB).uuid(id).text(sha256).number(size).time(now).update();
      return true;
    }
    drop(session);
    return false;
  }

  private void drop(Session session) throws SQLException {
    session.bind(Sql.DELETE_PIECES).uuid(id).update();
    session.bind(Sql.DELETE_BLOB).uuid(id).number(Long.MAX_VALUE).update();
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      blobs.change(session -> {
        drop(session);
        return true;
      });
    }
  }
}
