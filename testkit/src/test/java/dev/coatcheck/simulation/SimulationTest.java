package dev.coatcheck.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.simulation.run.Lanes;
import dev.coatcheck.simulation.run.Report;
import dev.coatcheck.simulation.run.Shrinker;
import dev.coatcheck.simulation.world.Plan;
import dev.coatcheck.simulation.world.Simulation;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of simulated worlds, none of which may break an invariant. */
final class SimulationTest {

  private static final long SEEDS = 2_000;

  @Test
  void no_seed_breaks_an_invariant() throws InterruptedException {
    ConcurrentLinkedQueue<Simulation.Outcome> broken = new ConcurrentLinkedQueue<>();
    int lanes = Runtime.getRuntime().availableProcessors();

    Lanes.run(
        1,
        1 + SEEDS,
        lanes,
        outcome -> {
          if (!outcome.sound()) {
            broken.add(outcome);
          }
        });

    assertThat(broken.stream().map(outcome -> outcome.plan().seed()))
        .as(() -> smallest(broken))
        .isEmpty();
  }

  private static String smallest(ConcurrentLinkedQueue<Simulation.Outcome> broken) {
    try {
      Simulation.Outcome first = broken.peek();
      return first == null ? "" : Report.of(new Shrinker().shrink(first));
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 17, 44, 75, 100})
  void a_seed_always_has_the_same_history(long seed) throws InterruptedException {
    String first = Simulation.run(Plan.of(seed)).hash();

    for (int i = 0; i < 5; i++) {
      assertThat(Simulation.run(Plan.of(seed)).hash()).as("seed %d", seed).isEqualTo(first);
    }
  }

  @ParameterizedTest(name = "{0}: seed {1}")
  @CsvSource({
    "a dispatcher that missed a hint left its jobs ready for ever, 75",
    "a sweeper with a clock behind the store's slept for hours, 100",
    "a grant whose answer was lost was held for ever, 8",
    "a start whose answer was lost was held for ever, 93",
    "a grant whose answer was lost hid behind an older attempt that ignored its end, 37463",
  })
  void what_was_found_once_stays_mended(String defect, long seed) throws InterruptedException {
    Simulation.Outcome outcome = Simulation.run(Plan.plain(seed));

    assertThat(outcome.failures()).as(defect).isEmpty();
  }
}
