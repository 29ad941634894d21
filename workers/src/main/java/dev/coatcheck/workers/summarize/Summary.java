package dev.coatcheck.workers.summarize;

import dev.coatcheck.workers.summarize.rank.Keyword;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The summary of a text: the output of the worker {@code summarize}, but for its source.
 *
 * @param title the title of the text, if it has one
 * @param summary the chosen sentences in the order of the text, with a space between them
 * @param keyPoints up to five short points
 * @param keywords up to ten words or phrases that the text is about, the most important first
 * @param wordCount words of the text, without code
 * @param sentenceCount sentences of the text
 * @param pageCount pages of the text, or null if it has none
 * @param language ISO 639-1 code of the language, or {@code und} if it could not be told
 * @param format how the text was read: {@code text} or {@code markdown}
 * @param truncated whether only the beginning of a long text was read, or fewer sentences given
 *     than asked for
 * @param sentences the chosen sentences in the order of the text
 */
public record Summary(
    @Nullable String title,
    String summary,
    List<String> keyPoints,
    List<Keyword> keywords,
    int wordCount,
    int sentenceCount,
    @Nullable Integer pageCount,
    String language,
    String format,
    boolean truncated,
    List<ChosenSentence> sentences) {

  public Summary {
    keyPoints = List.copyOf(keyPoints);
    keywords = List.copyOf(keywords);
    sentences = List.copyOf(sentences);
  }

  /**
   * A sentence of the summary.
   *
   * @param text the sentence, as it is in the extracted text from {@code start} to {@code end}
   * @param score how much it says about the text; the scores of all its sentences add up to one
   * @param rank 1 for the best of the summary
   * @param index its number among the sentences of the text, from 0
   * @param start offset of its first character in the extracted text, in UTF-16 units
   * @param end offset one past its last character
   * @param page its page, from 1, or null if the text has no pages
   */
  public record ChosenSentence(
      String text, double score, int rank, int index, int start, int end, @Nullable Integer page) {}
}
