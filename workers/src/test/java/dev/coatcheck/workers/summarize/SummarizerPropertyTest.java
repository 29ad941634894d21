package dev.coatcheck.workers.summarize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.workers.summarize.Summary.ChosenSentence;
import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.Format;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import dev.coatcheck.workers.summarize.language.Words;
import dev.coatcheck.workers.summarize.reading.DocumentReader;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SummarizerPropertyTest {

  private static final int SEEDS = 400;

  private static final List<Format> FORMATS = List.of(Format.TEXT, Format.MARKDOWN, Format.HTML);

  private static final List<String> LANGUAGES = List.of("auto", "en", "de", "fr", "es", "sw");

  private static SummaryOptions options(SplittableRandom random) {
    Length length =
        random.nextBoolean()
            ? new Length.Sentences(random.nextInt(1, 51))
            : new Length.Ratio(1 - random.nextDouble());
    @Nullable Integer maxWords =
        random.nextBoolean() ? null : Integer.valueOf(random.nextInt(1, 200));
    @Nullable Format format = random.nextInt(3) == 0 ? null : FORMATS.get(random.nextInt(3));
    return new SummaryOptions(
        length, maxWords, LANGUAGES.get(random.nextInt(LANGUAGES.size())), format);
  }

  private static Optional<Summary> summarize(String text, SummaryOptions options) {
    try {
      return Optional.of(new Summarizer().summarize(text, options, Progress.none()));
    } catch (UnsupportedInputException e) {
      return Optional.empty();
    }
  }

  @Test
  void whatever_the_text_a_summary_quotes_it_exactly_within_its_limits_and_repeats() {
    int summaries = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      String text = new RandomTexts(seed).next();
      SummaryOptions options = options(new SplittableRandom(seed));
      Optional<Summary> summary = summarize(text, options);
      assertThat(summarize(text, options)).as("seed %d repeated", seed).isEqualTo(summary);
      if (summary.isPresent()) {
        summaries++;
        check(
            "seed " + seed,
            summary.get(),
            DocumentReader.read(text, options.format(), fraction -> {}),
            options);
      }
    }
    assertThat(summaries).isGreaterThan(SEEDS * 9 / 10);
  }

  private static void check(
      String seed, Summary summary, Document document, SummaryOptions options) {
    List<ChosenSentence> sentences = summary.sentences();
    for (ChosenSentence sentence : sentences) {
      assertThat(document.text().substring(sentence.start(), sentence.end()))
          .as(seed)
          .isEqualTo(sentence.text());
      assertThat(sentence.text())
          .as(seed)
          .isNotBlank()
          .isEqualTo(sentence.text().strip())
          .doesNotContain("\n");
      assertThat(document.blocks())
          .as(seed)
          .filteredOn(Block::isProse)
          .anyMatch(block -> block.start() <= sentence.start() && sentence.end() <= block.end());
    }
    assertThat(sentences)
        .as(seed)
        .extracting(ChosenSentence::start)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(sentences)
        .as(seed)
        .extracting(ChosenSentence::index)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(sentences)
        .as(seed)
        .extracting(ChosenSentence::rank)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, sentences.size()).boxed().toList());
    assertThat(summary.summary())
        .as(seed)
        .isEqualTo(String.join(" ", sentences.stream().map(ChosenSentence::text).toList()));
    checkLimits(seed, summary, options);
    assertThat(Normalizer.isNormalized(document.text(), Normalizer.Form.NFC)).as(seed).isTrue();
  }

  private static void checkLimits(String seed, Summary summary, SummaryOptions options) {
    int chosen = summary.sentences().size();
    assertThat(chosen).as(seed).isBetween(1, options.length().of(summary.sentenceCount()));
    if (options.maxWords() != null && chosen > 1) {
      assertThat(Words.count(summary.summary())).as(seed).isLessThanOrEqualTo(options.maxWords());
    }
    assertThat(summary.keyPoints())
        .as(seed)
        .hasSizeBetween(1, 5)
        .allSatisfy(point -> assertThat(point).isNotBlank());
    assertThat(summary.keywords()).as(seed).hasSizeLessThanOrEqualTo(10);
    assertThat(summary.sentences())
        .as(seed)
        .allSatisfy(sentence -> assertThat(sentence.score()).isPositive().isLessThanOrEqualTo(1));
  }
}
