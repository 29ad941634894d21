package dev.coatcheck.workers.summarize;

import dev.coatcheck.workers.summarize.document.Format;
import org.jspecify.annotations.Nullable;

/**
 * What kind of summary is wanted.
 *
 * @param length how many sentences
 * @param maxWords the most words that these sentences may have together, or null for no such limit;
 *     one sentence is given even if every one is longer
 * @param language {@code auto} or an ISO 639-1 code
 * @param format how to read the text, or null to find out
 */
public record SummaryOptions(
    Length length, @Nullable Integer maxWords, String language, @Nullable Format format) {

  public SummaryOptions {
    if (maxWords != null && maxWords < 1) {
      throw new IllegalArgumentException("max_words must be at least 1, got " + maxWords);
    }
    if (!language.matches("auto|[A-Za-z]{2}")) {
      throw new IllegalArgumentException(
          "language must be auto or an ISO 639-1 code, got " + language);
    }
  }

  /** Five sentences, everything else found out from the text. */
  public static SummaryOptions defaults() {
    return new SummaryOptions(new Length.Sentences(5), null, "auto", null);
  }

  public SummaryOptions withLength(Length newLength) {
    return new SummaryOptions(newLength, maxWords, language, format);
  }

  public SummaryOptions withMaxWords(int newMaxWords) {
    return new SummaryOptions(length, newMaxWords, language, format);
  }

  public SummaryOptions withLanguage(String newLanguage) {
    return new SummaryOptions(length, maxWords, newLanguage, format);
  }

  public SummaryOptions withFormat(Format newFormat) {
    return new SummaryOptions(length, maxWords, language, newFormat);
  }
}
