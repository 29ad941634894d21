package dev.coatcheck.workers.summarize.language;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The language of a text, and which of ours it is analyzed as.
 *
 * @param code ISO 639-1 code, or {@code und} when it was to be guessed and could not be
 * @param analysis how to find its words; English when nothing is known
 */
public record TextLanguage(String code, Language analysis) {

  /** The option that asks for a guess. */
  public static final String AUTO = "auto";

  /**
   * Settles the language of a text.
   *
   * @param option {@link #AUTO} or an ISO 639-1 code
   * @param stated the code that its document states itself, if it does. It counts only where the
   *     words do not tell: many pages state the language of their template
   */
  public static TextLanguage of(String option, String text, @Nullable String stated) {
    String code = option.toLowerCase(Locale.ROOT);
    if (!code.equals(AUTO)) {
      return new TextLanguage(code, Language.of(code).orElse(Language.OTHER));
    }
    return LanguageGuess.of(text)
        .map(language -> new TextLanguage(language.code(), language))
        .orElseGet(() -> stated(stated));
  }

  private static TextLanguage stated(@Nullable String code) {
    return code == null
        ? new TextLanguage(Language.OTHER.code(), Language.ENGLISH)
        : new TextLanguage(code, Language.of(code).orElse(Language.OTHER));
  }
}
