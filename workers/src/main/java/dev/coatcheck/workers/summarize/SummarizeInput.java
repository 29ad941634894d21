package dev.coatcheck.workers.summarize;

import dev.coatcheck.workers.summarize.document.Format;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The input of the worker {@code summarize}; its schema sees to it that exactly one is there. */
record SummarizeInput(
    @Nullable String text,
    @Nullable String url,
    @Nullable String file,
    @Nullable Integer sentences,
    @Nullable Double ratio,
    @Nullable Integer maxWords,
    @Nullable String language,
    @Nullable String format) {

  private static final int SENTENCES_DEFAULT = 5;

  SummaryOptions options() {
    Length length =
        ratio != null
            ? new Length.Ratio(ratio)
            : new Length.Sentences(sentences == null ? SENTENCES_DEFAULT : sentences);
    Format known =
        format == null || format.equals("auto")
            ? null
            : Format.valueOf(format.toUpperCase(Locale.ROOT));
    return new SummaryOptions(length, maxWords, language == null ? "auto" : language, known);
  }
}
