package dev.coatcheck.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.testkit.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/**
 * Three servers on one PostgreSQL, killed in turn under load. Not part of the check; {@code
 * proof/chaos cluster} runs it, and brings the database.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ClusterRun {

  @Test
  void nothing_is_lost_and_nothing_ends_twice() throws Exception {
    Path folder = Files.createTempDirectory("coatcheck-cluster");
    ClusterCampaign.Plan plan =
        new ClusterCampaign.Plan(
            folder,
            System.getProperty("chaos.database"),
            System.getProperty("chaos.restart"),
            3,
            Integer.getInteger("chaos.jobs", 200_000),
            Duration.ofSeconds(Integer.getInteger("chaos.harm", 120)));
    long start = System.nanoTime();
    ClusterCampaign.Outcome outcome = new ClusterCampaign(plan, new SplittableRandom()).run();
    long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
    System.out.println(outcome + " in " + seconds + " s, kept in " + folder);
    assertThat(outcome.broken()).isEmpty();

    ObjectNode measured = Results.read("cluster");
    measured.retain("campaign");
    Results.add(measured, "runs", 1);
    Results.add(measured, "acknowledged", outcome.acknowledged());
    Results.add(measured, "kills", outcome.harm().kills());
    Results.add(measured, "killed_while_starting", outcome.harm().starting());
    Results.add(measured, "listener_storms", outcome.harm().storms());
    Results.add(measured, "database_restarts", outcome.harm().restarts());
    Results.add(measured, "calls_cut_off", outcome.repeated());
    Results.add(measured, "calls_refused", outcome.refused());
    Results.add(measured, "attempts_lost_and_repeated", outcome.ends().again());
    Results.add(measured, "jobs_lost_too_often", outcome.ends().failed());
    Results.add(measured, "seconds", seconds);
    Results.add(measured, "broken_promises", 0);
    Results.write("cluster", measured);
  }
}
