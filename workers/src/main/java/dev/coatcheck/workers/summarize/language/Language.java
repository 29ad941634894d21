package dev.coatcheck.workers.summarize.language;

import java.util.Arrays;
import java.util.Optional;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;

/**
 * The languages with stop words and a stemmer. English, German, French and Spanish also have a
 * {@link Vocabulary}; Italian, Portuguese and Dutch are here mainly so that they are not taken for
 * one of those.
 */
public enum Language {
  ENGLISH("en"),
  GERMAN("de"),
  FRENCH("fr"),
  SPANISH("es"),
  ITALIAN("it"),
  PORTUGUESE("pt"),
  DUTCH("nl"),
  /** Any other: words are found and lower-cased, nothing more. */
  OTHER("und");

  private final String code;

  Language(String code) {
    this.code = code;
  }

  /** ISO 639-1 code, or {@code und} for {@link #OTHER}. */
  public String code() {
    return code;
  }

  /** The language with this ISO 639-1 code, if it is one of ours. */
  public static Optional<Language> of(String code) {
    return Arrays.stream(values()).filter(language -> language.code.equals(code)).findFirst();
  }

  /** Words so common that they say nothing about a text. */
  CharArraySet stopWords() {
    return switch (this) {
      case ENGLISH -> StopWords.english();
      case GERMAN -> GermanAnalyzer.getDefaultStopSet();
      case FRENCH -> FrenchAnalyzer.getDefaultStopSet();
      case SPANISH -> SpanishAnalyzer.getDefaultStopSet();
      case ITALIAN -> ItalianAnalyzer.getDefaultStopSet();
      case PORTUGUESE -> PortugueseAnalyzer.getDefaultStopSet();
      case DUTCH -> DutchAnalyzer.getDefaultStopSet();
      case OTHER -> CharArraySet.EMPTY_SET;
    };
  }

  /** A new analyzer that lower-cases, drops {@code stopWords} and stems. */
  Analyzer analyzer(CharArraySet stopWords) {
    return switch (this) {
      case ENGLISH -> new EnglishAnalyzer(stopWords);
      case GERMAN -> new GermanAnalyzer(stopWords);
      case FRENCH -> new FrenchAnalyzer(stopWords);
      case SPANISH -> new SpanishAnalyzer(stopWords);
      case ITALIAN -> new ItalianAnalyzer(stopWords);
      case PORTUGUESE -> new PortugueseAnalyzer(stopWords);
      case DUTCH -> new DutchAnalyzer(stopWords);
      case OTHER -> new StandardAnalyzer(stopWords);
    };
  }
}
