package dev.coatcheck.workers.summarize.language;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * Finds the terms of a text with the Lucene analyzer of its language. Not for use by several
 * threads.
 */
public final class Terms implements AutoCloseable {

  private final Analyzer analyzer;
  private final Map<String, String> stems = new HashMap<>();

  public Terms(Language language) {
    CharArraySet ignored = new CharArraySet(language.stopWords(), true);
    ignored.addAll(Vocabulary.of(language).weak());
    this.analyzer = language.analyzer(ignored);
  }

  /**
   * The terms of {@code text} in order. Stop words and words too general to matter are left out.
   */
  public List<Term> of(String text) {
    // Lucene's lists spell don't with the typewriter apostrophe; both are one character, so offsets
    // stay.
    try (TokenStream tokens = analyzer.tokenStream("text", text.replace('’', '\''))) {
      return read(tokens);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Term> read(TokenStream tokens) throws IOException {
    CharTermAttribute stem = tokens.addAttribute(CharTermAttribute.class);
    OffsetAttribute offset = tokens.addAttribute(OffsetAttribute.class);
    List<Term> terms = new ArrayList<>();
    tokens.reset();
    while (tokens.incrementToken()) {
      if (!stem.isEmpty()) {
        String shared = stems.computeIfAbsent(stem.toString(), same -> same);
        terms.add(new Term(shared, offset.startOffset(), offset.endOffset()));
      }
    }
    tokens.end();
    return terms;
  }

  @Override
  public void close() {
    analyzer.close();
  }
}
