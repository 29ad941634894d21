package dev.coatcheck.outbound;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends the head of an answer: so many bytes may come until the body {@linkplain #lift begins}. */
final class HeadLimit extends FilterInputStream {

  private int left;
  private boolean lifted;

  /** The head goes on after its limit. */
  static final class ExceededException extends IOException {

    private static final long serialVersionUID = 1L;

    ExceededException() {
      super("the head of the answer is too large");
    }
  }

  HeadLimit(InputStream in, int limit) {
    super(in);
    this.left = limit;
  }

  void lift() {
    lifted = true;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (lifted) {
      return in.read(target, offset, length);
    }
    if (left == 0) {
      throw new ExceededException();
    }
    int read = in.read(target, offset, Math.min(length, left));
    left -= Math.max(read, 0);
    return read;
  }
}
