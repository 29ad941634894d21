package dev.coatcheck.workers.summarize;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import dev.coatcheck.workers.summarize.reading.DocumentReader;

/**
 * Summarizes a text by its own most telling sentences. The same text and options give the same
 * summary, always; nothing is invented, for every sentence is a quotation.
 */
public final class Summarizer {

  /**
   * Summarizes plain text, Markdown or HTML.
   *
   * @param text any string; of more than {@value Document#CHARACTERS_MAX} characters the first so
   *     many are read
   * @throws UnsupportedInputException if there is no sentence in it
   */
  public Summary summarize(String text, SummaryOptions options, Progress progress) {
    Checkpoint reading = Stage.READING.begin(progress, null);
    return summarize(DocumentReader.read(text, options.format(), reading), options, progress);
  }

  /**
   * Summarizes a document that was read elsewhere.
   *
   * @throws UnsupportedInputException if there is no sentence in it
   */
  public Summary summarize(Document document, SummaryOptions options, Progress progress) {
    return new Summarization(document, options, progress).run();
  }
}
