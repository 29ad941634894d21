package dev.coatcheck.workers.summarize.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.Format;
import dev.coatcheck.workers.summarize.document.TextReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceSplitterTest {

  private static List<Sentence> split(Language language, String text) {
    Document document = TextReader.read(text, null, fraction -> {});
    List<Sentence> sentences =
        SentenceSplitter.split(document, language, fraction -> {}).sentences();
    for (Sentence sentence : sentences) {
      assertThat(document.text().substring(sentence.start(), sentence.end()))
          .isEqualTo(sentence.text());
    }
    return sentences;
  }

  /** Splits the text where it has bars, and expects the splitter to do the same without them. */
  private static void assertSplit(Language language, String textWithBars) {
    assertThat(split(language, textWithBars.replace("|", " ")))
        .extracting(Sentence::text)
        .containsExactly(textWithBars.split("\\|", -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "One ends here.|Two ends here!|Does three?|Yes.",
        "Dr. Smith met Mrs. Jones on Main St. Albans Road.|They left.",
        "It costs 3.50 dollars, e.g. in Boston.|That is No. 7 of them.|No.|Really.",
        "J. R. R. Tolkien wrote it.|The U.S. Senate did not.|He lives in the U.S.|The house is old.",
        "Wait... what did you say?|Wait...|Nothing.|It was late…|We left.",
        "He said \"Stop.\"|Then he left.|“Why?” he asked.|“No.”|She ran (fast.)|End.",
        "See fig. 3 and pp. 4–7.|It is on p. 12.|Cf. Darwin (1859).",
        "Meet at 5 p.m. on Monday.|We met at 5 p.m.|Nobody came.",
        "Version 2.0 is out.|3 people came.|iPads were sold.",
        "It was proved.[3]|It was not.[4][12]|End.",
        "Really?!|Yes!!!|Fine.",
        "Plan B.|The next one is better.",
        "Smith et al. showed it vs. Jones.|Node.js and example.com are names."
      })
  void english_sentences_end_where_a_reader_would_say(String text) {
    assertSplit(Language.ENGLISH, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Er kam z. B. am 3. Oktober.|Das war d.h. gestern.|Dr. Müller ging.",
        "Er sagte: „Halt.“|Dann ging er.|»Nein.«|Das war im 19. Jahrhundert.",
        "Es war im Jahr 1990.|Danach kam Nr. 5 bzw. Kap. 3.",
        "Die Firma u. a. zahlte 3,5 Mio. Euro.|Sie schloss."
      })
  void german_sentences_end_where_a_reader_would_say(String text) {
    assertSplit(Language.GERMAN, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Il dit : « Bonjour. »|Il part.|« Non ! »|Elle reste.",
        "M. Dupont et Mme. Martin sont là, p. ex. ici.|Voir p. 12 et art. 5.",
        "C'était av. J.-C. selon lui.|Oui."
      })
  void french_sentences_end_where_a_reader_would_say(String text) {
    assertSplit(Language.FRENCH, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "¿Qué dice?|¡Hola!|El Sr. Pérez y la Sra. Gómez llegaron.",
        "Véase la pág. 4 y el núm. 7.|Los EE. UU. firmaron.|México no.",
        "Compró pan, p. ej. Candeal.|Luego salió."
      })
  void spanish_sentences_end_where_a_reader_would_say(String text) {
    assertSplit(Language.SPANISH, text);
  }

  @Test
  void ideographic_stops_need_no_space() {
    assertThat(split(Language.OTHER, "我来了。你好吗？好！"))
        .extracting(Sentence::text)
        .containsExactly("我来了。", "你好吗？", "好！");
  }

  @Test
  void headings_code_and_tables_are_never_sentences() {
    String markdown =
        "# A heading. With a stop.\n\nText one. Text two.\n\n```\ncode. Code.\n```\n\n|a|b|\n|-|-|\n|c. D.|e|";
    assertThat(split(Language.ENGLISH, markdown))
        .extracting(Sentence::text)
        .containsExactly("Text one.", "Text two.");
  }

  @Test
  void a_sentence_ends_with_its_block_and_the_first_of_a_block_is_known() {
    List<Sentence> sentences =
        split(Language.ENGLISH, "# T\n\nOne without stop\n\nTwo. Three.\n\n- four\n- five");
    assertThat(sentences)
        .extracting(Sentence::text)
        .containsExactly("One without stop", "Two.", "Three.", "four", "five");
    assertThat(sentences)
        .extracting(Sentence::opensBlock)
        .containsExactly(true, true, false, true, true);
    assertThat(sentences).extracting(Sentence::index).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void an_endless_sentence_is_cut_at_a_space() {
    List<Sentence> sentences = split(Language.ENGLISH, "word ".repeat(1_000));
    assertThat(sentences).hasSize(3);
    assertThat(sentences)
        .allSatisfy(sentence -> assertThat(sentence.text()).startsWith("word").endsWith("word"));
  }

  @Test
  void an_endless_word_is_cut_between_characters() {
    String faces = "\uD83D\uDE00".repeat(3_000);
    List<Sentence> sentences = split(Language.ENGLISH, "x" + faces);
    assertThat(String.join("", sentences.stream().map(Sentence::text).toList()))
        .isEqualTo("x" + faces);
    assertThat(sentences).hasSizeGreaterThan(2);
    assertThat(sentences)
        .allSatisfy(sentence -> {
          assertThat(sentence.text().length())
              .isLessThanOrEqualTo(SentenceSplitter.SENTENCE_LENGTH_MAX);
          assertThat(Character.isLowSurrogate(sentence.text().charAt(0))).isFalse();
        });
  }

  @Test
  void no_more_than_the_limit_of_sentences_is_taken() {
    Document document =
        TextReader.read(
            "A b. ".repeat(SentenceSplitter.SENTENCES_MAX + 1), Format.TEXT, fraction -> {});
    SentenceSplitter.Split split =
        SentenceSplitter.split(document, Language.ENGLISH, fraction -> {});
    assertThat(split.truncated()).isTrue();
    assertThat(split.sentences()).hasSize(SentenceSplitter.SENTENCES_MAX);
  }
}
