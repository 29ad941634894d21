package dev.coatcheck.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Checks a history that is kept; {@code proof/chaos check} runs it. */
class HistoryCheck {

  @Test
  void no_promise_is_broken() throws Exception {
    Path folder = Path.of(System.getProperty("chaos.history", "history"));
    assertThat(Checker.report(History.read(folder), System.out)).isZero();
  }
}
