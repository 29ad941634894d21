package dev.coatcheck.workers.summarize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.workers.summarize.rank.Keyword;
import org.junit.jupiter.api.Test;

class SummarizerLanguagesTest {

  private static final String GERMAN =
      """
      Das Brot im Ofen geht auf, weil die Hefe im Teig Gas bildet. Die Hefe frisst den Zucker, den die Enzyme aus der Stärke des
      Mehls lösen. Dr. Weber misst z. B. am 3. Tag das Gas im Teig. Der Kleber des Mehls hält das Gas im Teig fest.
      Meine Tante mag Katzen. Im Ofen stirbt die Hefe, und der Kleber des Teigs wird fest.
      """;

  private static final String FRENCH =
      """
      Le pain lève parce que la levure produit du gaz dans la pâte. La levure mange le sucre que les enzymes tirent de l'amidon de
      la farine. Le gluten de la farine retient le gaz dans la pâte. Ma tante aime les chats. « Le pain attend. » C'est ce que dit
      M. Dupont. Au four, la levure meurt et le gluten de la pâte se fige.
      """;

  private static final String SPANISH =
      """
      El pan sube porque la levadura produce gas en la masa. La levadura come el azúcar que las enzimas sacan del almidón de la
      harina. El gluten de la harina retiene el gas en la masa. A mi tía le gustan los gatos. Según el Sr. Pérez, el pan espera.
      En el horno, la levadura muere y el gluten de la masa se vuelve firme.
      """;

  private static Summary summarize(String text) {
    SummaryOptions three = SummaryOptions.defaults().withLength(new Length.Sentences(3));
    return new Summarizer().summarize(text, three, Progress.none());
  }

  @Test
  void german_is_recognised_split_and_summarized() {
    Summary summary = summarize(GERMAN);
    assertThat(summary.language()).isEqualTo("de");
    assertThat(summary.sentenceCount()).isEqualTo(6);
    assertThat(summary.summary()).contains("Hefe").doesNotContain("Katzen");
    assertThat(summary.keywords()).extracting(Keyword::term).contains("Hefe", "Teig", "Gas");
  }

  @Test
  void french_is_recognised_split_and_summarized() {
    Summary summary = summarize(FRENCH);
    assertThat(summary.language()).isEqualTo("fr");
    assertThat(summary.sentenceCount()).isEqualTo(7);
    assertThat(summary.summary()).contains("levure").doesNotContain("chats");
    assertThat(summary.keywords()).extracting(Keyword::term).contains("levure", "pâte", "gluten");
  }

  @Test
  void spanish_is_recognised_split_and_summarized() {
    Summary summary = summarize(SPANISH);
    assertThat(summary.language()).isEqualTo("es");
    assertThat(summary.sentenceCount()).isEqualTo(6);
    assertThat(summary.summary()).contains("levadura").doesNotContain("gatos");
    assertThat(summary.keywords()).extracting(Keyword::term).contains("levadura", "masa", "gluten");
  }

  @Test
  void a_script_without_spaces_is_summarized_too() {
    Summary summary = summarize("面包在烤箱里发起来。酵母在面团里产生气体。面筋把气体留在面团里。我的阿姨喜欢猫。");
    assertThat(summary.language()).isEqualTo("und");
    assertThat(summary.sentenceCount()).isEqualTo(4);
    assertThat(summary.summary()).contains("面团").doesNotContain("猫");
  }
}
