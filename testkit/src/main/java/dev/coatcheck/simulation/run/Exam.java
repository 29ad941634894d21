package dev.coatcheck.simulation.run;

import dev.coatcheck.simulation.check.Failure;
import dev.coatcheck.simulation.sabotage.Mutation;
import dev.coatcheck.simulation.world.Plan;
import dev.coatcheck.simulation.world.Simulation;
import java.util.Optional;

/** Whether the checker notices a defect that was built in, and how soon. */
public final class Exam {

  /**
   * A defect that was caught.
   *
   * @param seeds how many seeds it took
   */
  public record Caught(Mutation mutation, int seeds, Failure by, Simulation.Outcome outcome) {}

  private Exam() {}

  /** Tries seeds from {@code from} on until one shows the defect; empty if none of them does. */
  public static Optional<Caught> sit(Mutation mutation, long from, int seedsMax)
      throws InterruptedException {
    for (int i = 0; i < seedsMax; i++) {
      Simulation.Outcome outcome = Simulation.run(Plan.of(from + i), mutation.forOneWorld());
      for (Failure failure : outcome.failures()) {
        if (mutation.shownBy().contains(failure.invariant())) {
          return Optional.of(new Caught(mutation, i + 1, failure, outcome));
        }
      }
    }
    return Optional.empty();
  }
}
