package dev.coatcheck.workers.http;

import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;

/**
 * Keeps an answer in memory. Thousands may be small at once, but only so many large: the next one
 * waits, within its own timeout, until another is done.
 */
final class AnswerBuffer extends OutputStream {

  /** What may be kept without asking, in bytes. */
  static final int SMALL = 16 << 10;

  /** Bytes of memory for each byte of an answer until its output is made: copies, text, tree. */
  private static final int COPIES = 16;

  private static final int LARGE_MIN = 2;

  private final Semaphore large;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean admitted;

  /** One is shared by all buffers. */
  static Semaphore largeOnes(long memory, int bodyMax) {
    long count = Math.max(LARGE_MIN, memory / COPIES / bodyMax);
    return new Semaphore((int) Math.min(count, Integer.MAX_VALUE));
  }

  AnswerBuffer(Semaphore large) {
    this.large = large;
  }

  @Override
  public void write(int one) throws InterruptedIOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws InterruptedIOException {
    if (!admitted && bytes.size() + length > SMALL) {
      try {
        large.acquire();
        admitted = true;
      } catch (InterruptedException interrupted) {
        throw new InterruptedIOException();
      }
    }
    bytes.write(source, offset, length);
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }

  /** Lets another be large; to be called when the answer is no longer needed. */
  @Override
  public void close() {
    if (admitted) {
      admitted = false;
      large.release();
    }
  }
}
