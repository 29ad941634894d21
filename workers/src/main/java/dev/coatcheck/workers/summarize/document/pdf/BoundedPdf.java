package dev.coatcheck.workers.summarize.document.pdf;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSDocument;
import org.apache.pdfbox.cos.COSObjectKey;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.cos.ICOSParser;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.io.RandomAccessRead;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.io.RandomAccessStreamCache;
import org.apache.pdfbox.pdfparser.PDFParser;
import org.apache.pdfbox.pdfparser.XrefTrailerResolver;
import org.apache.pdfbox.pdmodel.PDDocument;

/**
 * A parser that stops at limits which PDFBox does not have: how many objects a file has, and how
 * large its streams are once unpacked.
 */
final class BoundedPdf extends PDFParser {

  /** Entries of the directory of objects; a book of two thousand pages has a tenth of these. */
  private static final int OBJECTS_MAX = 1_000_000;

  /** Numbers, names, strings and so on, in the objects, packed in streams or not. */
  static final int VALUES_MAX = 4_000_000;

  /** What PDFBox puts aside in a file: decrypted streams. */
  private static final long SCRATCH_MAX = 512L * 1024 * 1024;

  private static final int STRIDE = 10_000;

  private final Watch watch;
  private int values;

  private BoundedPdf(RandomAccessRead source, RandomAccessStreamCache cache, Watch watch)
      throws IOException {
    super(source, "", null, null, () -> cache);
    this.watch = watch;
    this.xrefTrailerResolver = new BoundedDirectory(watch);
    this.document = new BoundedObjects(cache, this, new Unpacking(watch));
  }

  static PDDocument open(Path file, Watch watch) throws IOException {
    File folder = file.toAbsolutePath().resolveSibling(".").normalize().toFile();
    RandomAccessStreamCache cache =
        MemoryUsageSetting.setupTempFileOnly(SCRATCH_MAX).setTempDir(folder).streamCache.create();
    RandomAccessRead source = new RandomAccessReadBufferedFile(file.toFile());
    try {
      return new BoundedPdf(source, cache, watch).parse();
    } catch (IOException | RuntimeException | Error unreadable) {
      source.close();
      throw unreadable;
    }
  }

  @Override
  protected COSBase parseDirObject() throws IOException {
    count();
    return super.parseDirObject();
  }

  @Override
  protected COSArray parseCOSArray() throws IOException {
    count();
    return super.parseCOSArray();
  }

  private void count() {
    values++;
    if (values % STRIDE == 0) {
      watch.pass();
    }
    if (values > VALUES_MAX) {
      throw watch.refuse("The PDF consists of more than " + VALUES_MAX + " values.");
    }
  }

  private static final class BoundedDirectory extends XrefTrailerResolver {

    private final Watch watch;
    private int entries;

    BoundedDirectory(Watch watch) {
      this.watch = watch;
    }

    @Override
    public void setXRef(COSObjectKey key, long offset) {
      entries++;
      if (entries > OBJECTS_MAX) {
        throw watch.refuse("The PDF consists of more than " + OBJECTS_MAX + " objects.");
      }
      super.setXRef(key, offset);
    }
  }

  private static final class BoundedObjects extends COSDocument {

    private final RandomAccessStreamCache cache;
    private final ICOSParser parser;
    private final Unpacking unpacking;

    BoundedObjects(RandomAccessStreamCache cache, ICOSParser parser, Unpacking unpacking) {
      super(() -> cache, parser);
      this.cache = cache;
      this.parser = parser;
      this.unpacking = unpacking;
    }

    @Override
    public COSStream createCOSStream(COSDictionary dictionary, long start, long length)
        throws IOException {
      COSStream stream =
          new BoundedStream(cache, parser.createRandomAccessReadView(start, length), unpacking);
      dictionary.forEach(stream::setItem);
      stream.setKey(dictionary.getKey());
      return stream;
    }
  }
}
