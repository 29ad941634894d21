package dev.coatcheck.store.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads bytes that lie in pieces, one piece at a time. */
final class PieceStream extends InputStream {

  /** Fetches a piece, if it is not gone. */
  interface Pieces {
    Optional<byte[]> piece(int n);
  }

  private final Pieces pieces;
  private final long size;
  private long at;
  private byte[] piece = new byte[0];
  private int number = -1;

  PieceStream(Pieces pieces, long size, long offset) {
    this.pieces = pieces;
    this.size = size;
    at = offset;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at >= size) {
      return -1;
    }
    int wanted = (int) (at / PostgresBlobs.PIECE);
    if (wanted != number) {
      piece =
          pieces
              .piece(wanted)
              .orElseThrow(() -> new IOException("the bytes were deleted while they were read"));
      number = wanted;
    }
    int from = (int) (at % PostgresBlobs.PIECE);
    int taken = Math.min(length, piece.length - from);
    System.arraycopy(piece, from, bytes, offset, taken);
    at += taken;
    return taken;
  }
}
