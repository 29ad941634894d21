package dev.coatcheck.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.simulation.run.Report;
import dev.coatcheck.simulation.world.Plan;
import dev.coatcheck.simulation.world.Simulation;
import dev.coatcheck.testkit.Results;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/**
 * The worlds of the simulation, with all their faults and under the eyes of its checker, on this
 * store in place of the one in memory. {@code proof/chaos worlds} goes on with more.
 */
@Timeout(value = 12, unit = TimeUnit.HOURS)
final class PostgresWorldsTest {

  private static final int SEEDS = Integer.getInteger("chaos.worlds", 2);
  private static final String CAMPAIGN = "worlds";

  @Test
  void no_world_breaks_an_invariant() throws Exception {
    PostgresStore.open(PostgresOptions.of(TestDatabase.url(), new SecureRandom())).close();
    try (PostgresWorld.Maker database = new PostgresWorld.Maker()) {
      ObjectNode measured = Results.read(CAMPAIGN);
      long next = measured.path("seeds").asLong(0) + 1;
      for (long seed = next; seed < next + SEEDS; seed++) {
        run(seed, database, measured);
      }
    }
  }

  private static void run(long seed, PostgresWorld.Maker database, ObjectNode measured)
      throws Exception {
    long start = System.nanoTime();

    Simulation.Outcome outcome = Simulation.run(Plan.of(seed), database);

    database.end();
    assertThat(outcome.failures()).as(() -> Report.of(outcome)).isEmpty();
    assertThat(Census.faults()).as("seed %s", seed).isEmpty();
    assertThat(outcome.acknowledged()).isPositive();
    Results.add(measured, "seeds", 1);
    Results.add(measured, "events", outcome.events());
    Results.add(measured, "changes", outcome.commits());
    Results.add(measured, "acknowledged", outcome.acknowledged());
    Results.add(measured, "simulated_ms", outcome.simulated().toMillis());
    Results.add(measured, "real_ms", Duration.ofNanos(System.nanoTime() - start).toMillis());
    Results.write(CAMPAIGN, measured);
  }
}
