package dev.coatcheck.workers.summarize.language;

import java.util.Locale;

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
   * Settles the language of {@code text}.
   *
   * @param option {@link #AUTO} or an ISO 639-1 code
   */
  public static TextLanguage of(String option, String text) {
    String code = option.toLowerCase(Locale.ROOT);
    if (!code.equals(AUTO)) {
      return new TextLanguage(code, Language.of(code).orElse(Language.OTHER));
    }
    return LanguageGuess.of(text)
        .map(language -> new TextLanguage(language.code(), language))
        .orElse(new TextLanguage(Language.OTHER.code(), Language.ENGLISH));
  }
}
