package dev.coatcheck.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.testkit.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * As many failovers as asked for, in batches that are each checked whole, or a defect built in on
 * purpose. Goes on where an earlier run stopped. Not part of the check; {@code proof/chaos
 * failover} runs it.
 */
@Timeout(value = 12, unit = TimeUnit.HOURS)
class FailoverRun {

  private static final String CAMPAIGN = "failover";
  private static final int BATCH = 5;
  private static final Duration LONGEST = Duration.ofSeconds(15);

  /**
   * Acknowledged before it is written, and written late, so that few jobs are enough to show it.
   */
  private static final List<String> TOO_EARLY =
      List.of("synchronous_commit=off", "wal_writer_delay=5s");

  @Test
  void nothing_acknowledged_is_lost_but_by_sabotage() throws Exception {
    switch (System.getProperty("chaos.sabotage", "")) {
      case "" -> failOver(Integer.getInteger("chaos.cycles", 10));
      case "M2" -> commitWithoutWaiting();
      case String other -> throw new IllegalArgumentException("no such sabotage: " + other);
    }
  }

  private static void failOver(int wanted) throws Exception {
    ObjectNode measured = Results.read(CAMPAIGN);
    while (measured.path("failovers").asInt(0) < wanted) {
      int done = measured.path("failovers").asInt(0);
      int times = Math.min(BATCH, wanted - done);
      long seed = 3_000L + done;
      Path folder = Files.createTempDirectory("coatcheck-failover");
      FailoverCampaign.Outcome outcome =
          new FailoverCampaign(folder, seed, List.of(), LONGEST).failOver(times);

      assertThat(outcome.violations()).as("seed %s, kept in %s", seed, folder).isEmpty();
      Results.add(measured, "failovers", times);
      Results.add(measured, "acknowledged", outcome.acknowledged());
      Results.add(measured, "lost", outcome.lost());
      Results.add(measured, "jobs", outcome.jobs());
      Results.add(measured, "lines_of_witnesses", outcome.lines());
      Results.add(measured, "broken_promises", 0);
      outcome.outages().forEach(outage -> tell(measured.withArray("outages"), outage));
      Results.write(CAMPAIGN, measured);
      System.out.println(measured);
      Folders.delete(folder);
    }
  }

  private static void tell(ArrayNode outages, Outage outage) {
    outages
        .addObject()
        .put("without_primary_ms", outage.withoutPrimary())
        .put("gap_ms", outage.gap())
        .put("found_ms", outage.found())
        .put("refused", outage.refused())
        .put("unanswered", outage.unanswered())
        .put("slowest_ms", outage.slowest());
  }

  /** M2: the database acknowledges what it has not written yet, and is killed. */
  private static void commitWithoutWaiting() throws Exception {
    Path folder = Files.createTempDirectory("coatcheck-sabotage");
    FailoverCampaign.Outcome outcome =
        new FailoverCampaign(folder, 2, TOO_EARLY, LONGEST).killAll();

    assertThat(outcome.before()).contains("nothing");
    assertThat(outcome.lost()).as("kept in %s", folder).isPositive();
    ObjectNode measured = Results.read(CAMPAIGN);
    measured
        .withObject("sabotage")
        .put("acknowledged", outcome.acknowledged())
        .put("lost", outcome.lost());
    Results.write(CAMPAIGN, measured);
    System.out.println(measured);
    Folders.delete(folder);
  }
}
