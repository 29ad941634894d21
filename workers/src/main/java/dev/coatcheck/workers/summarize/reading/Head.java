package dev.coatcheck.workers.summarize.reading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The first bytes of a file.
 *
 * @param latin1 each byte as the character with its number
 */
record Head(String latin1) {

  static final int LENGTH = 8 * 1024;

  /** Readers of PDF have always looked for the start within so many bytes. */
  private static final int PDF_START_MAX = 1024;

  static Head of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new Head(new String(in.readNBytes(LENGTH), StandardCharsets.ISO_8859_1));
    }
  }

  boolean isPdf() {
    int at = latin1.indexOf("%PDF-");
    return at >= 0 && at < PDF_START_MAX && !isText(latin1.substring(0, at));
  }

  /** A text that mentions the mark of a PDF is none: nothing readable comes before the mark. */
  private static boolean isText(String before) {
    return before.chars().filter(Character::isLetter).count() > 40;
  }

  boolean startsWith(String bytes) {
    return latin1.startsWith(bytes);
  }

  boolean has(int offset, String bytes) {
    return latin1.startsWith(bytes, offset);
  }
}
