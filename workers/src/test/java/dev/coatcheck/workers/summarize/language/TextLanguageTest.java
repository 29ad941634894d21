package dev.coatcheck.workers.summarize.language;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextLanguageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          en | The ship was late, and nobody on the quay knew why it had not come with the tide.
          de | Das Schiff war spät, und niemand am Kai wusste, warum es nicht mit der Flut gekommen war.
          fr | Le navire était en retard, et personne sur le quai ne savait pourquoi il n'était pas arrivé avec la marée.
          es | El barco llegaba tarde, y nadie en el muelle sabía por qué no había venido con la marea.
          it | La nave era in ritardo, e nessuno sul molo sapeva perché non era arrivata con la marea.
          pt | O navio estava atrasado, e ninguém no cais sabia por que não tinha chegado com a maré.
          nl | Het schip was laat, en niemand op de kade wist waarom het niet met het tij was gekomen.
          """)
  void a_sentence_tells_its_language(String code, String sentence) {
    assertThat(TextLanguage.of("auto", sentence, null).code()).isEqualTo(code);
  }

  @Test
  void what_cannot_be_told_is_reported_as_undetermined_and_analyzed_as_english() {
    TextLanguage unknown = new TextLanguage("und", Language.ENGLISH);
    assertThat(
            TextLanguage.of("auto", "Корабль опаздывал, и никто на причале не знал почему.", null))
        .isEqualTo(unknown);
    assertThat(TextLanguage.of("auto", "Kubernetes Postgres Kafka Redis Terraform Ansible", null))
        .isEqualTo(unknown);
    assertThat(TextLanguage.of("auto", "", null)).isEqualTo(unknown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Skeppet var försenat, och ingen på kajen visste varför det inte hade kommit med tidvattnet.",
        "Skibet var forsinket, og ingen på kajen vidste, hvorfor det ikke var kommet med tidevandet.",
        "Nava întârzia și nimeni de pe chei nu știa de ce nu venise cu mareea.",
        "El vaixell arribava tard, i ningú al moll no sabia per què no havia vingut amb la marea.",
        "Statek się spóźniał i nikt na nabrzeżu nie wiedział, dlaczego nie przypłynął z przypływem."
      })
  void a_language_that_is_not_among_ours_is_not_taken_for_one(String sentence) {
    assertThat(TextLanguage.of("auto", sentence, null).code()).isEqualTo("und");
  }

  @Test
  void notes_with_few_stop_words_are_recognised_by_the_lead() {
    String notes =
        "Group commit, no linger. Submissions queue up; the committer takes what waits, runs one transaction and answers. ";
    assertThat(TextLanguage.of("auto", notes.repeat(5), null).code()).isEqualTo("en");
  }

  @Test
  void a_given_language_is_believed() {
    assertThat(TextLanguage.of("de", "The ship was late.", null))
        .isEqualTo(new TextLanguage("de", Language.GERMAN));
    assertThat(TextLanguage.of("FR", "The ship was late.", null))
        .isEqualTo(new TextLanguage("fr", Language.FRENCH));
  }

  @Test
  void an_unknown_language_gets_the_generic_analysis() {
    assertThat(TextLanguage.of("sw", "Meli ilichelewa.", null))
        .isEqualTo(new TextLanguage("sw", Language.OTHER));
  }
}
