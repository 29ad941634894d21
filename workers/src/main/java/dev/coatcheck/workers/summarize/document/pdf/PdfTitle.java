package dev.coatcheck.workers.summarize.document.pdf;

import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.DocumentWriter;
import java.util.regex.Pattern;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.jspecify.annotations.Nullable;

/** The title of a PDF: what its metadata say, unless that is the name of a file, or its heading. */
final class PdfTitle {

  private static final int LENGTH_MAX = 300;
  private static final Pattern NO_TITLE =
      Pattern.compile(
          "(?i)untitled.*|unbenannt.*|.*\\.(?:docx?|odt|rtf|indd|tex|dvi|qxd|pdf|html?|pptx?|xlsx?)"
              + "|microsoft word - .*|document\\d*|slide \\d+|powerpoint.*");

  private PdfTitle() {}

  /** The document with its title, and the language that the file states. */
  static Document on(Document document, PDDocument pdf) {
    @Nullable String declared = declared(pdf);
    return new Document(
            document.text(),
            declared == null ? heading(document) : declared,
            document.blocks(),
            document.format(),
            document.truncated(),
            document.pages(),
            null)
        .stating(language(pdf));
  }

  private static @Nullable String declared(PDDocument pdf) {
    @Nullable String raw = pdf.getDocumentInformation().getTitle();
    String title = raw == null ? "" : DocumentWriter.clean(raw);
    boolean sensible =
        title.length() >= 3
            && title.length() <= LENGTH_MAX
            && title.codePoints().anyMatch(Character::isLetter)
            && !NO_TITLE.matcher(title).matches();
    return sensible ? title : null;
  }

  private static @Nullable String heading(Document document) {
    return document.blocks().stream()
        .filter(block -> block.kind() == Block.Kind.HEADING)
        .findFirst()
        .map(document::textOf)
        .orElse(null);
  }

  private static @Nullable String language(PDDocument pdf) {
    return pdf.getDocumentCatalog().getLanguage();
  }
}
