package dev.coatcheck.workers.summarize.document.pdf;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.font.FontMappers;

/**
 * Reads the text of a PDF file. PDFBox takes no notice of an interrupt and unpacks streams into
 * memory, so the limits are set where it cannot pass them by: {@link BoundedPdf}, {@link
 * BoundedStream}, {@link PageText}.
 *
 * <p>From the first use on, PDFBox takes {@link BundledFont} for every font that a file names but
 * does not contain, in the whole JVM: it has no narrower setting. Otherwise it would search the
 * machine for fonts, which takes seconds and makes the text depend on the machine.
 */
public final class PdfReader {

  static {
    FontMappers.set(new BundledFont());
  }

  private PdfReader() {}

  /**
   * Reads the file.
   *
   * @param file the PDF; the folder it is in takes what PDFBox needs to put aside meanwhile
   * @throws UnsupportedInputException if it is encrypted, damaged, without text, or too much
   */
  public static Document read(Path file, Checkpoint checkpoint) {
    Watch watch = new Watch(checkpoint);
    try {
      FileEnd.check(file);
      return read(file, watch);
    } catch (InvalidPasswordException locked) {
      throw new UnsupportedInputException(
          "The PDF is encrypted; hand in a copy that opens without a password.");
    } catch (NoClassDefFoundError withoutBouncyCastle) {
      throw new UnsupportedInputException("The PDF is encrypted for holders of a certificate.");
    } catch (UnsupportedInputException known) {
      throw known;
    } catch (IOException | RuntimeException | StackOverflowError damage) {
      watch.rethrow();
      throw new UnsupportedInputException("The PDF is damaged and cannot be read.");
    }
  }

  private static Document read(Path file, Watch watch) throws IOException {
    try (PDDocument pdf = BoundedPdf.open(file, watch)) {
      if (!pdf.getCurrentAccessPermission().canExtractContent()) {
        throw new UnsupportedInputException(
            "The PDF does not permit to take text from it; hand in a copy that does.");
      }
      PageText.Result extracted = PageText.of(pdf, watch);
      return assemble(pdf, extracted);
    }
  }

  private static Document assemble(PDDocument pdf, PageText.Result extracted) {
    PdfComposition composition = new PdfComposition(extracted.pageCount());
    Document document = composition.compose(RunningLines.without(extracted.lines()));
    if (document.blocks().isEmpty()) {
      throw new UnsupportedInputException(
          "The PDF has "
              + (extracted.pageCount() == 1 ? "one page" : extracted.pageCount() + " pages")
              + " but no text; a scan must go through text recognition (OCR) first.");
    }
    Document titled = PdfTitle.on(document, pdf);
    return extracted.truncated() ? titled.cutShort() : titled;
  }
}
