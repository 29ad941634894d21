package dev.coatcheck.workers.summarize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coatcheck.workers.summarize.Summary.ChosenSentence;
import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.Format;
import dev.coatcheck.workers.summarize.document.Pages;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import dev.coatcheck.workers.summarize.rank.Keyword;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummarizerTest {

  private static final String LIGHTHOUSE =
      """
      # The keeper's log

      A lighthouse keeper wrote a log every night of the year. The log named each ship that passed the light, the
      weather, and the oil that the lamp had burned. Nobody read it for months.

      ## What it was for

      The log of the lighthouse let the harbour check whether the lamp had been lit at the hour of a wreck. A keeper whose
      log had gaps lost his post. Seagulls nest on cliffs.

      - Oil was weighed in the morning.
      - Ships were counted at dusk, and the count went into the log.

      ```
      23:10 brig, north-east
      ```

      Today the logs of lighthouse keepers tell historians about weather, trade and wrecks. That is how it ended.
      """;

  private static Summary summarize(String text, SummaryOptions options) {
    return new Summarizer().summarize(text, options, Progress.none());
  }

  private static SummaryOptions sentences(int count) {
    return SummaryOptions.defaults().withLength(new Length.Sentences(count));
  }

  @Test
  void a_summary_has_every_member_of_the_contract() {
    Summary summary = summarize(LIGHTHOUSE, sentences(2));
    assertThat(summary.title()).isEqualTo("The keeper's log");
    assertThat(summary.language()).isEqualTo("en");
    assertThat(summary.format()).isEqualTo("markdown");
    assertThat(summary.sentenceCount()).isEqualTo(10);
    assertThat(summary.wordCount()).isEqualTo(112);
    assertThat(summary.pageCount()).isNull();
    assertThat(summary.truncated()).isFalse();
    assertThat(summary.sentences())
        .hasSize(2)
        .allSatisfy(sentence -> assertThat(sentence.page()).isNull());
    assertThat(summary.keyPoints()).hasSize(3);
    assertThat(summary.keywords()).extracting(Keyword::term).contains("log", "lighthouse keeper");
  }

  @Test
  void the_summary_is_about_the_subject_and_not_about_seagulls() {
    String summary = summarize(LIGHTHOUSE, sentences(4)).summary();
    assertThat(summary)
        .contains("log")
        .doesNotContain("Seagulls")
        .doesNotContain("Nobody read")
        .doesNotContain("how it ended");
  }

  @Test
  void sentences_are_in_the_order_of_the_text_and_ranked_by_score() {
    List<ChosenSentence> sentences = summarize(LIGHTHOUSE, sentences(5)).sentences();
    assertThat(sentences).extracting(ChosenSentence::index).isSorted();
    assertThat(sentences.stream().sorted((left, right) -> left.rank() - right.rank()).toList())
        .extracting(ChosenSentence::score)
        .isSortedAccordingTo((left, right) -> Double.compare(right, left));
  }

  @Test
  void a_ratio_takes_its_share_of_the_sentences() {
    assertThat(
            summarize(LIGHTHOUSE, SummaryOptions.defaults().withLength(new Length.Ratio(0.3)))
                .sentences())
        .hasSize(3);
    assertThat(
            summarize(LIGHTHOUSE, SummaryOptions.defaults().withLength(new Length.Ratio(1)))
                .sentences())
        .hasSize(10);
    assertThat(
            summarize(LIGHTHOUSE, SummaryOptions.defaults().withLength(new Length.Ratio(0.001)))
                .sentences())
        .hasSize(1);
  }

  @Test
  void a_limit_of_words_is_kept() {
    Summary summary = summarize(LIGHTHOUSE, SummaryOptions.defaults().withMaxWords(25));
    assertThat(summary.summary().split(" ")).hasSizeLessThanOrEqualTo(25);
    assertThat(summarize(LIGHTHOUSE, SummaryOptions.defaults().withMaxWords(1)).sentences())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   \n\n",
        "\u0000\u200B",
        "# Only a heading",
        "```\ncode only\n```",
        "!!! ... ???"
      })
  void a_text_without_a_sentence_is_refused(String text) {
    assertThatExceptionOfType(UnsupportedInputException.class)
        .isThrownBy(() -> summarize(text, SummaryOptions.defaults()))
        .withMessage("The text has no sentence to summarize.");
  }

  @Test
  void one_sentence_is_its_own_summary() {
    Summary summary = summarize("Coats hang here.", SummaryOptions.defaults());
    assertThat(summary.summary()).isEqualTo("Coats hang here.");
    assertThat(summary.sentences())
        .containsExactly(new ChosenSentence("Coats hang here.", 1.0, 1, 0, 0, 16, null));
    assertThat(summary.keyPoints()).containsExactly("Coats hang here.");
  }

  @Test
  void options_outside_the_contract_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Length.Sentences(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Length.Sentences(51));
    assertThatIllegalArgumentException().isThrownBy(() -> new Length.Ratio(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Length.Ratio(1.01));
    assertThatIllegalArgumentException().isThrownBy(() -> new Length.Ratio(Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SummaryOptions.defaults().withMaxWords(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SummaryOptions.defaults().withLanguage("english"));
  }

  @Test
  void a_document_with_pages_gets_page_numbers() {
    String text =
        "Coats hang on the first page of the book.\n\nTickets lie on the second page of it.";
    Document document =
        new Document(
            text,
            null,
            List.of(
                new Block(Block.Kind.PARAGRAPH, 0, 41),
                new Block(Block.Kind.PARAGRAPH, 43, text.length())),
            Format.TEXT,
            true,
            new Pages(List.of(0, 43)),
            null);
    Summary summary =
        new Summarizer().summarize(document, SummaryOptions.defaults(), Progress.none());
    assertThat(summary.pageCount()).isEqualTo(2);
    assertThat(summary.sentences()).extracting(ChosenSentence::page).containsExactly(1, 2);
    assertThat(summary.truncated()).isTrue();
  }
}
