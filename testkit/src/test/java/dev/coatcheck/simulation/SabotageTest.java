package dev.coatcheck.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.simulation.run.Exam;
import dev.coatcheck.simulation.run.Shrinker;
import dev.coatcheck.simulation.sabotage.Mutation;
import dev.coatcheck.simulation.world.Simulation;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checker that notices nothing proves nothing: each defect that is built in must be noticed. */
final class SabotageTest {

  private static final int SEEDS_MAX = 400;

  @ParameterizedTest
  @EnumSource(Mutation.class)
  void every_defect_is_caught(Mutation mutation) throws InterruptedException {
    Optional<Exam.Caught> caught = Exam.sit(mutation, 1, SEEDS_MAX);

    assertThat(caught)
        .as("%s, %s, within %d seeds", mutation, mutation.defect(), SEEDS_MAX)
        .isPresent();
  }

  @Test
  void a_failing_run_is_made_small() throws InterruptedException {
    Exam.Caught caught = Exam.sit(Mutation.M26, 1, SEEDS_MAX).orElseThrow();

    Simulation.Outcome small = new Shrinker(Mutation.M26::forOneWorld).shrink(caught.outcome());

    assertThat(small.failures().getFirst().invariant()).isEqualTo(caught.by().invariant());
    assertThat(small.history()).hasSizeLessThan(caught.outcome().history().size() / 2);
  }
}
