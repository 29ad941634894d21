package dev.coatcheck.workers.summarize.reading;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.Format;
import dev.coatcheck.workers.summarize.document.TextReader;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import dev.coatcheck.workers.summarize.document.html.HtmlReader;
import dev.coatcheck.workers.summarize.document.pdf.PdfReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads an input of any format into a {@link Document}. */
public final class DocumentReader {

  private DocumentReader() {}

  /**
   * Reads a text.
   *
   * @param raw any string at all; of more than {@value Document#CHARACTERS_MAX} characters of text
   *     or Markdown the first so many are read
   * @param format how to read it; null to find out
   * @throws UnsupportedInputException if it cannot be read so
   */
  public static Document read(String raw, @Nullable Format format, Checkpoint checkpoint) {
    Format known = format == null && FormatClues.looksLikeHtml(raw) ? Format.HTML : format;
    if (known == Format.HTML) {
      return HtmlReader.read(raw, checkpoint);
    }
    if (known == Format.PDF) {
      throw new UnsupportedInputException("A PDF is handed in as a file or by its URL.");
    }
    return TextReader.read(raw, known, checkpoint);
  }

  /**
   * Reads a file.
   *
   * @param format how to read it; null to find out
   * @throws UnsupportedInputException if it is of a kind that cannot be read, whatever the format
   *     says, or too large
   * @throws IOException if the file system fails
   */
  public static Document read(StoredInput input, @Nullable Format format, Checkpoint checkpoint)
      throws IOException {
    Head head = Head.of(input.path());
    if (head.isPdf()) {
      return readPdf(input, format, checkpoint);
    }
    Signatures.refuseKnown(head);
    if (format == Format.PDF) {
      throw new UnsupportedInputException("The document is no PDF.");
    }
    Format declared = format == null ? FormatClues.declared(input) : format;
    return readText(input, head, declared, checkpoint);
  }

  private static Document readPdf(
      StoredInput input, @Nullable Format format, Checkpoint checkpoint) {
    if (format != null && format != Format.PDF) {
      throw new UnsupportedInputException(
          "The document is a PDF; its format must be pdf or auto, not " + format.label() + ".");
    }
    return PdfReader.read(input.path(), checkpoint);
  }

  private static Document readText(
      StoredInput input, Head head, @Nullable Format declared, Checkpoint checkpoint)
      throws IOException {
    boolean html =
        declared == Format.HTML || (declared == null && FormatClues.looksLikeHtml(head.latin1()));
    if (html && input.bytes() > HtmlReader.LENGTH_MAX) {
      throw HtmlReader.tooLarge();
    }
    int most = html ? HtmlReader.LENGTH_MAX : Document.CHARACTERS_MAX;
    String text = TextDecoder.decode(input, head, html, most + 1);
    checkpoint.pass(0.1);
    return read(text, html ? Format.HTML : declared, checkpoint.part(0.1, 1));
  }
}
