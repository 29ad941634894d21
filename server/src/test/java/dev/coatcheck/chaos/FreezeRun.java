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
 * A primary that stands still for longer than a lease, as often as asked for. Not part of the
 * check; {@code proof/chaos freeze} runs it.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class FreezeRun {

  @Test
  void nothing_is_lost_and_the_servers_come_back_by_themselves() throws Exception {
    Path folder = Files.createTempDirectory("coatcheck-freeze");
    int times = Integer.getInteger("chaos.cycles", 5);

    FreezeCampaign.Outcome outcome = new FreezeCampaign(folder, times).run();

    System.out.println(outcome + ", kept in " + folder);
    assertThat(outcome.broken()).isEmpty();
    assertThat(outcome.sameServers()).isTrue();
    assertThat(outcome.freezes())
        .hasSize(times)
        .allSatisfy(freeze -> {
          assertThat(freeze.refused()).isPositive();
          assertThat(freeze.otherwise()).isZero();
          assertThat(freeze.unready()).isEqualTo(2);
          assertThat(freeze.slowest()).isLessThan(8_000);
        });
    ObjectNode measured = Results.read("freeze");
    Results.add(measured, "freezes", times);
    Results.add(measured, "acknowledged", outcome.acknowledged());
    Results.add(measured, "attempts_lost_and_repeated", outcome.ends().again());
    Results.add(measured, "jobs_lost_too_often", outcome.ends().failed());
    Results.add(measured, "broken_promises", 0);
    for (FreezeCampaign.Freeze freeze : outcome.freezes()) {
      Results.add(measured, "calls_refused", freeze.refused());
      measured.put("slowest_ms", Math.max(measured.path("slowest_ms").asLong(0), freeze.slowest()));
      measured.put("back_ms", Math.max(measured.path("back_ms").asLong(0), freeze.back()));
    }
    Results.write("freeze", measured);
    Folders.delete(folder);
  }
}
