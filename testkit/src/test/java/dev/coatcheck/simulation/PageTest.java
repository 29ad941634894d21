package dev.coatcheck.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.simulation.run.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reliability page says what the result files say. */
final class PageTest {

  @Test
  void the_page_is_made_from_the_results() {
    Path docs = Path.of("..", "docs");

    assertThat(docs.resolve("internals").resolve("reliability.md"))
        .content()
        .isEqualTo(Page.of(docs.resolve("reliability")));
    assertThat(docs.resolve("reliability").resolve("simulation.json")).exists();
  }
}
