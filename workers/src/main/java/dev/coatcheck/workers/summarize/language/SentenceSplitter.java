package dev.coatcheck.workers.summarize.language;

import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.document.Document;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides the prose of a document into sentences. Headings, code and tables have none; a sentence
 * never crosses the border of its block.
 */
public final class SentenceSplitter {

  /** How many sentences are taken; a document with more is summarized by its beginning. */
  public static final int SENTENCES_MAX = 50_000;

  /**
   * A longer sentence, in characters, is cut: it is a list, a log or an attack, and nobody would
   * read it in a summary.
   */
  static final int SENTENCE_LENGTH_MAX = 2_000;

  private final SentenceEnds ends;
  private final List<Sentence> sentences = new ArrayList<>();

  private SentenceSplitter(Language language) {
    this.ends = new SentenceEnds(language);
  }

  /**
   * What came of splitting: the sentences in order, and whether there were more than {@link
   * #SENTENCES_MAX}.
   */
  public record Split(List<Sentence> sentences, boolean truncated) {}

  /** The sentences of {@code document}, read as {@code language}. */
  public static Split split(Document document, Language language, Checkpoint checkpoint) {
    return new SentenceSplitter(language).split(document, checkpoint);
  }

  private Split split(Document document, Checkpoint checkpoint) {
    List<Block> blocks = document.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      checkpoint.pass(i, blocks.size());
      if (blocks.get(i).isProse()) {
        split(document, i);
      }
      if (sentences.size() > SENTENCES_MAX) {
        return new Split(List.copyOf(sentences.subList(0, SENTENCES_MAX)), true);
      }
    }
    return new Split(List.copyOf(sentences), false);
  }

  private void split(Document document, int index) {
    Block block = document.blocks().get(index);
    String text = document.textOf(block);
    int start = 0;
    while (start < text.length() && sentences.size() <= SENTENCES_MAX) {
      int end = Math.min(ends.next(text, start), cut(text, start));
      add(document, index, block.start() + start, block.start() + end);
      start = end;
    }
  }

  private void add(Document document, int index, int from, int to) {
    String text = document.text();
    int start = from;
    int end = to;
    while (start < end && text.charAt(start) == ' ') {
      start++;
    }
    while (end > start && text.charAt(end - 1) == ' ') {
      end--;
    }
    if (start < end) {
      Block block = document.blocks().get(index);
      sentences.add(
          new Sentence(
              sentences.size(),
              text.substring(start, end),
              start,
              end,
              index,
              block.kind(),
              from == block.start()));
    }
  }

  /**
   * Where a sentence from {@code start} is cut at the latest: at a space if there is one, never
   * inside a code point.
   */
  private static int cut(String text, int start) {
    int limit = start + SENTENCE_LENGTH_MAX;
    if (limit >= text.length()) {
      return text.length();
    }
    for (int i = limit; i > start; i--) {
      if (text.charAt(i) == ' ') {
        return i;
      }
    }
    return Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
  }
}
