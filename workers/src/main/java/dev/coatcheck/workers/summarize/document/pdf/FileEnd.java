package dev.coatcheck.workers.summarize.document.pdf;

import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The end of a PDF file, where its directory is. PDFBox would search a file without one for
 * whatever is left in it, and a summary of an unknown part would pass for one of the whole.
 */
final class FileEnd {

  /** Adobe's readers look through 1 KiB; files with something appended to them are common. */
  private static final int LENGTH = 16 * 1024;

  private FileEnd() {}

  static void check(Path file) throws IOException {
    String end = read(file);
    if (!end.contains("%%EOF") && !end.contains("startxref")) {
      throw new UnsupportedInputException(
          "The PDF is damaged: its end is missing, as after a download that broke off.");
    }
  }

  private static String read(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] end = new byte[(int) Math.min(LENGTH, in.length())];
      in.seek(in.length() - end.length);
      in.readFully(end);
      return new String(end, StandardCharsets.ISO_8859_1);
    }
  }
}
