package dev.coatcheck.workers.summarize.reading;

import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import java.util.List;

/** Tells files that are no text by the bytes that files of their kind begin with. */
final class Signatures {

  private record Signature(int offset, String bytes, String kind) {

    Signature(String bytes, String kind) {
      this(0, bytes, kind);
    }
  }

  private static final List<Signature> KNOWN =
      List.of(
          new Signature("\u0089PNG\r\n", "a PNG image"),
          new Signature("\u00ff\u00d8\u00ff", "a JPEG image"),
          new Signature("GIF8", "a GIF image"),
          new Signature(8, "WEBP", "a WebP image"),
          new Signature("II*\0", "a TIFF image"),
          new Signature("MM\0*", "a TIFF image"),
          new Signature("\0\0\1\0", "an icon"),
          new Signature(8, "WAVE", "a sound file (WAV)"),
          new Signature("ID3", "a sound file (MP3)"),
          new Signature("\u00ff\u00fb", "a sound file (MP3)"),
          new Signature("fLaC", "a sound file (FLAC)"),
          new Signature("OggS", "a sound or video file (Ogg)"),
          new Signature(4, "ftyp", "a video or sound file (MP4)"),
          new Signature("\u001aE\u00df\u00a3", "a video file (Matroska)"),
          new Signature("\u001f\u008b", "a gzip archive"),
          new Signature("BZh", "a bzip2 archive"),
          new Signature("\u00fd7zXZ\0", "an xz archive"),
          new Signature("7z\u00bc\u00af", "a 7-Zip archive"),
          new Signature("Rar!\u001a", "a RAR archive"),
          new Signature("(\u00b5/\u00fd", "a Zstandard archive"),
          new Signature(257, "ustar", "a tar archive"),
          new Signature("\u007fELF", "a program (ELF)"),
          new Signature("MZ\u0090\0", "a program (Windows)"),
          new Signature("\u00ca\u00fe\u00ba\u00be", "a compiled program"),
          new Signature("\u00cf\u00fa\u00ed\u00fe", "a program (macOS)"),
          new Signature("\0asm", "a WebAssembly module"),
          new Signature("\u00d0\u00cf\u0011\u00e0", "an old Office document (.doc, .xls or .ppt)"),
          new Signature("{\\rtf", "an RTF document"),
          new Signature("%!PS", "a PostScript document"),
          new Signature("SQLite format 3\0", "a SQLite database"),
          new Signature("PAR1", "a Parquet file"),
          new Signature("wOF2", "a font"),
          new Signature("OTTO", "a font"));

  private static final List<Signature> IN_ZIP =
      List.of(
          new Signature("word/", "a Word document (.docx)"),
          new Signature("xl/", "an Excel workbook (.xlsx)"),
          new Signature("ppt/", "a PowerPoint presentation (.pptx)"),
          new Signature("application/epub+zip", "an EPUB book"),
          new Signature("opendocument.text", "an OpenDocument text (.odt)"),
          new Signature("opendocument", "an OpenDocument file"),
          new Signature("META-INF/", "a Java archive"));

  private Signatures() {}

  /**
   * Refuses a file of a known kind.
   *
   * @throws UnsupportedInputException that names the kind
   */
  static void refuseKnown(Head head) {
    if (head.startsWith("PK\u0003\u0004")) {
      throw refusal(zipKind(head));
    }
    for (Signature known : KNOWN) {
      if (head.has(known.offset(), known.bytes())) {
        throw refusal(known.kind());
      }
    }
  }

  private static String zipKind(Head head) {
    return IN_ZIP.stream()
        .filter(inside -> head.latin1().contains(inside.bytes()))
        .findFirst()
        .map(Signature::kind)
        .orElse("a ZIP archive");
  }

  static UnsupportedInputException refusal(String kind) {
    return new UnsupportedInputException(
        "The document looks like "
            + kind
            + ", whatever its name; text, Markdown, HTML and PDF can be read.");
  }
}
