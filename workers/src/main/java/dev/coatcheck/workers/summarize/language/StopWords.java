package dev.coatcheck.workers.summarize.language;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.util.IOUtils;

/**
 * The English stop words of the Snowball project; Lucene ships them, but its English analyzer uses
 * only 33 words.
 */
final class StopWords {

  private static final CharArraySet ENGLISH = load("english_stop.txt");

  private StopWords() {}

  static CharArraySet english() {
    return ENGLISH;
  }

  private static CharArraySet load(String file) {
    try (var stream =
            IOUtils.requireResourceNonNull(SnowballFilter.class.getResourceAsStream(file), file);
        var reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      return CharArraySet.unmodifiableSet(WordlistLoader.getSnowballWordSet(reader));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
