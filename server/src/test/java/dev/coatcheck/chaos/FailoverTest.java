package dev.coatcheck.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A primary with a synchronous standby is killed under load, and the standby promoted. */
@Timeout(180)
class FailoverTest {

  private static final long SECOND = 1_000;

  @TempDir Path folder;

  @Test
  void nothing_acknowledged_is_lost_and_who_comes_meanwhile_is_told_to_come_again()
      throws Exception {
    FailoverCampaign.Outcome outcome =
        new FailoverCampaign(folder, 7, List.of(), Duration.ofMillis(3_500)).failOver(1);

    assertThat(outcome.violations()).isEmpty();
    assertThat(outcome.acknowledged()).isGreaterThan(30);
    assertThat(outcome.deaths()).isZero();
    assertThat(outcome.unready()).isPositive();
    assertThat(outcome.before()).contains("machine_loss");
    Outage outage = outcome.outages().getFirst();
    assertThat(outage.found()).as("%s", outage).isLessThan(5 * SECOND);
    assertThat(outage.slowest()).as("%s", outage).isLessThan(8 * SECOND);
    assertThat(outage.refused()).as("%s", outage).isPositive();
    assertThat(outage.unanswered()).as("%s", outage).isZero();
  }
}
