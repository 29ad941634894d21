package dev.coatcheck.workers.summarize.document.pdf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** A PDF written object by object, for files that no honest program would write. */
public final class RawPdf {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Integer> offsets = new ArrayList<>();

  public RawPdf() {
    text("%PDF-1.7\n");
    object("<< /Type /Catalog /Pages 2 0 R >>");
  }

  /** One page with the content stream {@code 4 0 R}, and a font; {@code more} goes into it. */
  public RawPdf page(String more) {
    object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    return object(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <<"
            + " /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> "
            + more
            + " >> >>");
  }

  public RawPdf object(String body) {
    offsets.add(bytes.size());
    text(offsets.size() + " 0 obj\n" + body + "\nendobj\n");
    return this;
  }

  public RawPdf stream(String dictionary, byte[] content) {
    offsets.add(bytes.size());
    text(
        offsets.size()
            + " 0 obj\n<< /Length "
            + content.length
            + " "
            + dictionary
            + " >>\nstream\n");
    bytes.writeBytes(content);
    text("\nendstream\nendobj\n");
    return this;
  }

  public RawPdf stream(String content) {
    return stream("", content.getBytes(StandardCharsets.ISO_8859_1));
  }

  public Path save(Path file) throws IOException {
    int start = bytes.size();
    text("xref\n0 " + (offsets.size() + 1) + "\n0000000000 65535 f \n");
    offsets.forEach(offset -> text("%010d 00000 n \n".formatted(offset)));
    text("trailer\n<< /Size " + (offsets.size() + 1) + " /Root 1 0 R >>\n");
    text("startxref\n" + start + "\n%%EOF\n");
    return Files.write(file, bytes.toByteArray());
  }

  private void text(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The piece so many times, deflated. */
  public static byte[] deflated(byte[] piece, long times) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(packed, new Deflater(9), 64 * 1024)) {
      for (long i = 0; i < times; i++) {
        out.write(piece);
      }
    }
    return packed.toByteArray();
  }
}
