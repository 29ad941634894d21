package dev.coatcheck.workers.summarize.document.pdf;

import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import java.io.IOException;
import org.apache.pdfbox.cos.COSInputStream;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.filter.DecodeOptions;
import org.apache.pdfbox.io.RandomAccessRead;
import org.apache.pdfbox.io.RandomAccessReadView;
import org.apache.pdfbox.io.RandomAccessStreamCache;

/**
 * A stream that is measured before PDFBox may unpack it, because PDFBox unpacks into memory and
 * without a limit.
 */
final class BoundedStream extends COSStream {

  private final Unpacking unpacking;

  BoundedStream(RandomAccessStreamCache cache, RandomAccessReadView view, Unpacking unpacking)
      throws IOException {
    super(cache, view);
    this.unpacking = unpacking;
  }

  /**
   * Measures the stream now, for who reads the packed bytes and unpacks them himself.
   *
   * @throws UnsupportedInputException if it is too large
   */
  void check() throws IOException {
    unpacking.check(this);
  }

  @Override
  public COSInputStream createInputStream(DecodeOptions options) throws IOException {
    check();
    return super.createInputStream(options);
  }

  @Override
  public RandomAccessRead createView() throws IOException {
    check();
    return super.createView();
  }
}
