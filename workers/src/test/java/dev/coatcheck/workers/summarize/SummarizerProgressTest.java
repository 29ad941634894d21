package dev.coatcheck.workers.summarize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummarizerProgressTest {

  private static final String LONG_TEXT = text(10_000);

  private static String text(int sentences) {
    return IntStream.range(0, sentences)
        .mapToObj(i ->
            "Keeper "
                + i % 97
                + " wrote about ship "
                + i
                + " and its cargo of "
                + i % 31
                + " tons.")
        .collect(Collectors.joining(" "));
  }

  private static void summarize(String text, Progress progress) {
    new Summarizer().summarize(text, SummaryOptions.defaults(), progress);
  }

  @Test
  void the_stages_come_in_order_and_the_fraction_never_falls() {
    List<Double> fractions = new ArrayList<>();
    List<String> stages = new ArrayList<>();
    summarize(
        LONG_TEXT,
        (fraction, stage, message) -> {
          fractions.add(fraction);
          stages.add(stage);
        });
    assertThat(fractions).isSorted().startsWith(0.0).endsWith(1.0);
    assertThat(stages.stream().distinct())
        .containsExactly("reading", "splitting", "weighing", "ranking", "choosing");
  }

  @Test
  void long_work_is_reported_again_and_again() {
    List<String> stages = new ArrayList<>();
    summarize(LONG_TEXT, (fraction, stage, message) -> stages.add(stage));
    assertThat(stages).filteredOn("weighing"::equals).hasSizeGreaterThan(10_000 / 1_024);
    assertThat(stages).filteredOn("ranking"::equals).hasSizeGreaterThan(10_000 / 1_024);
    assertThat(stages).filteredOn("choosing"::equals).hasSizeGreaterThan(10_000 / 1_024);
  }

  @Test
  void an_exception_of_the_listener_ends_the_work_at_any_report() {
    String text = text(2_500);
    List<String> all = new ArrayList<>();
    summarize(text, (fraction, stage, message) -> all.add(stage));
    for (int last = 1; last <= all.size(); last++) {
      List<String> seen = new ArrayList<>();
      int limit = last;
      CancellationException canceled = new CancellationException("report " + last);
      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(() ->
              summarize(
                  text, (fraction, stage, message) -> stopAfter(limit, seen, stage, canceled)))
          .isSameAs(canceled);
      assertThat(seen).hasSize(last);
    }
  }

  private static void stopAfter(
      int limit, List<String> seen, String stage, CancellationException canceled) {
    seen.add(stage);
    if (seen.size() == limit) {
      throw canceled;
    }
  }
}
