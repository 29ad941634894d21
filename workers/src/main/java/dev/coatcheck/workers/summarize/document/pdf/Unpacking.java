package dev.coatcheck.workers.summarize.document.pdf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.filter.DecodeOptions;
import org.apache.pdfbox.filter.Filter;
import org.apache.pdfbox.filter.FilterFactory;

/**
 * Measures how large streams are once unpacked, without keeping what comes out, and refuses what is
 * beyond the limits: one stream of more than {@value #STREAM_MAX} bytes, or {@value #TOTAL_MAX} in
 * all, counted as often as they are unpacked.
 */
final class Unpacking {

  static final int STREAM_MAX = 16 * 1024 * 1024;
  static final long TOTAL_MAX = 1024L * 1024 * 1024;

  /** A page draws with a handful at a time; a table of letters may have an array of thousands. */
  private static final int OPERANDS_MAX = 250_000;

  /** PDFBox makes two buffers of the length of a row. */
  private static final long ROW_BITS_MAX = 8L * 1024 * 1024;

  /** Streams of these kinds are data; the others are pictures, which no text is taken from. */
  private static final Set<String> DATA =
      Set.of(
          "FlateDecode",
          "Fl",
          "LZWDecode",
          "LZW",
          "ASCII85Decode",
          "A85",
          "ASCIIHexDecode",
          "AHx",
          "RunLengthDecode",
          "RL",
          "Crypt");

  private static final Set<String> FONTS = Set.of("Type1C", "CIDFontType0C", "OpenType");

  private static final COSName OBJECTS = COSName.OBJ_STM;

  private final Watch watch;
  private final IdentityHashMap<COSStream, Long> measured = new IdentityHashMap<>();
  private long total;
  private long objectValues;

  Unpacking(Watch watch) {
    this.watch = watch;
  }

  void check(COSStream stream) throws IOException {
    watch.rethrow();
    Long size = measured.get(stream);
    if (size == null) {
      size = measure(stream);
      measured.put(stream, size);
    }
    total += size;
    if (total > TOTAL_MAX) {
      throw watch.refuse("The PDF unpacks to more than " + (TOTAL_MAX >> 20) + " MiB.");
    }
  }

  private long measure(COSStream stream) throws IOException {
    List<COSName> filters = filters(stream);
    checkRows(stream);
    long size = 0;
    InputStream packed = stream.createRawInputStream();
    for (int i = 0; i < filters.size(); i++) {
      boolean last = i == filters.size() - 1;
      Filter filter = FilterFactory.INSTANCE.getFilter(filters.get(i));
      try (InputStream in = packed;
          Counting out = new Counting(!last, last && !isDirectory(stream), isFont(stream))) {
        filter.decode(in, out, stream, i, DecodeOptions.DEFAULT);
        size += out.count;
        countObjects(stream, out.operands.total());
        packed = new ByteArrayInputStream(out.kept.toByteArray());
      }
    }
    return filters.isEmpty() ? uncompressed(stream) : size;
  }

  /** Objects are packed in streams too, and unlike what a page draws they stay in memory. */
  private void countObjects(COSStream stream, int values) {
    if (OBJECTS.equals(stream.getCOSName(COSName.TYPE))) {
      objectValues += values;
    }
    if (objectValues > BoundedPdf.VALUES_MAX) {
      throw watch.refuse("The PDF consists of more than " + BoundedPdf.VALUES_MAX + " values.");
    }
  }

  private long uncompressed(COSStream stream) throws IOException {
    try (InputStream in = stream.createRawInputStream();
        Counting out = new Counting(false, !isDirectory(stream), isFont(stream))) {
      in.transferTo(out);
      return out.count;
    }
  }

  /** The directory of objects is binary, and every object in it is counted elsewhere. */
  private static boolean isDirectory(COSStream stream) {
    return COSName.XREF.equals(stream.getCOSName(COSName.TYPE));
  }

  /** Text can be read without the shapes of its letters: PDFBox takes another font. */
  private static boolean isFont(COSStream stream) {
    return stream.containsKey(COSName.LENGTH1)
        || FONTS.contains(String.valueOf(stream.getNameAsString(COSName.SUBTYPE)));
  }

  private static List<COSName> filters(COSStream stream) throws IOException {
    List<COSName> names = new ArrayList<>();
    COSBase filters = stream.getFilters();
    if (filters instanceof COSName name) {
      names.add(name);
    } else if (filters instanceof COSArray array) {
      for (int i = 0; i < array.size(); i++) {
        if (array.getObject(i) instanceof COSName name) {
          names.add(name);
        }
      }
    }
    for (COSName name : names) {
      if (!DATA.contains(name.getName())) {
        throw new IOException("a picture where data is expected");
      }
    }
    return names;
  }

  private static void checkRows(COSStream stream) throws IOException {
    COSBase parameters = stream.getDictionaryObject(COSName.DP, COSName.DECODE_PARMS);
    if (parameters instanceof COSDictionary single) {
      checkRow(single);
    } else if (parameters instanceof COSArray array) {
      for (int i = 0; i < array.size(); i++) {
        if (array.getObject(i) instanceof COSDictionary each) {
          checkRow(each);
        }
      }
    }
  }

  private static void checkRow(COSDictionary parameters) throws IOException {
    long bits =
        (long) parameters.getInt(COSName.COLUMNS, 1)
            * Math.min(parameters.getInt(COSName.COLORS, 1), 32)
            * Math.clamp(parameters.getInt(COSName.BITS_PER_COMPONENT, 8), 1, 64);
    if (bits < 0 || bits > ROW_BITS_MAX) {
      throw new IOException("rows of " + bits + " bits");
    }
  }

  /** Counts what is written, keeps it if a further filter needs it, and stops at the limit. */
  private final class Counting extends OutputStream {

    private final boolean keep;
    private final boolean dispensable;
    private final boolean readable;
    private final OperandCount operands = new OperandCount();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long count;

    Counting(boolean keep, boolean plain, boolean dispensable) {
      this.keep = keep;
      this.readable = plain && !dispensable;
      this.dispensable = dispensable;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      long before = count;
      count += length;
      if (before >> 20 != count >> 20) {
        watch.pass();
      }
      if (count > STREAM_MAX && dispensable) {
        throw new IOException("a font that is too large");
      }
      if (count > STREAM_MAX) {
        throw watch.refuse(
            "The PDF has a stream that unpacks to more than " + (STREAM_MAX >> 20) + " MiB.");
      }
      for (int i = offset; readable && i < offset + length; i++) {
        if (operands.after(bytes[i]) > OPERANDS_MAX) {
          throw watch.refuse(
              "The PDF has a stream with more than " + OPERANDS_MAX + " values in a row.");
        }
      }
      if (keep) {
        kept.write(bytes, offset, length);
      }
    }
  }
}
