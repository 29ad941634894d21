package dev.coatcheck.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.testkit.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/**
 * As many kills as asked for, in batches that are each checked whole. Goes on where an earlier run
 * stopped. Not part of the check; {@code proof/chaos kill} runs it.
 */
@Timeout(value = 12, unit = TimeUnit.HOURS)
class KillRun {

  private static final int BATCH = 10;

  @Test
  void no_promise_is_broken_however_often() throws Exception {
    int wanted = Integer.getInteger("chaos.cycles", 300);
    ObjectNode measured = Results.read("kill");
    while (measured.path("cycles").asInt(0) < wanted) {
      int cycles = Math.min(BATCH, wanted - measured.path("cycles").asInt(0));
      long seed = 1_000L + measured.path("batches").asInt(0);
      Path folder = Files.createTempDirectory("coatcheck-kill");
      KillCampaign.Outcome outcome = new KillCampaign(folder, cycles, seed).run();

      assertThat(outcome.violations()).as("seed %s, kept in %s", seed, folder).isEmpty();
      Results.add(measured, "batches", 1);
      Results.add(measured, "cycles", cycles);
      Results.add(measured, "acknowledged", outcome.acknowledged());
      Results.add(measured, "jobs", outcome.jobs());
      Results.add(measured, "lines_of_witnesses", outcome.lines());
      Results.add(
          measured,
          "connections_with_a_fault",
          outcome.suffered().values().stream().mapToInt(Integer::intValue).sum());
      Results.add(measured, "broken_promises", 0);
      Results.write("kill", measured);
      System.out.println(measured);
      Folders.delete(folder);
    }
  }
}
