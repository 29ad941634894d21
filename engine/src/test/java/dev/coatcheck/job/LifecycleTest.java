package dev.coatcheck.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Lifecycle.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LifecycleTest {

  @Test
  void a_final_phase_is_never_left() {
    assertThat(Lifecycle.TRANSITIONS)
        .noneMatch(transition -> transition.from() != null && transition.from().done());
  }

  @Test
  void every_phase_is_reached_and_every_open_phase_is_left() {
    for (Phase phase : Phase.values()) {
      assertThat(Lifecycle.TRANSITIONS).anyMatch(transition -> transition.to() == phase);
      if (!phase.done()) {
        assertThat(Lifecycle.TRANSITIONS).anyMatch(transition -> transition.from() == phase);
      }
    }
  }

  @Test
  void every_open_phase_can_be_canceled() {
    for (Phase phase : Phase.values()) {
      assertThat(Lifecycle.allows(phase, Lifecycle.Move.CANCEL, Phase.CANCELED))
          .isEqualTo(!phase.done());
    }
  }

  @Test
  void no_transition_stands_twice() {
    assertThat(Lifecycle.TRANSITIONS).doesNotHaveDuplicates();
    assertThat(Lifecycle.TRANSITIONS).extracting(Transition::move).isNotEmpty();
  }

  @Test
  void the_diagram_in_the_docs_is_made_from_the_table() throws IOException {
    Path page = Path.of("..", "docs", "internals", "lifecycle.md");
    assertThat(Files.readString(page)).contains("```mermaid\n" + Lifecycle.diagram() + "```");
  }
}
