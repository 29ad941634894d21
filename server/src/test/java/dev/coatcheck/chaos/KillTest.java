package dev.coatcheck.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills the server in the middle of everything, and asks all witnesses what is left. */
@Timeout(300)
class KillTest {

  private static final int CYCLES = 3;

  @TempDir Path folder;

  @Test
  void no_promise_is_broken_however_often_the_server_is_killed() throws Exception {
    KillCampaign.Outcome outcome = new KillCampaign(folder, CYCLES, 42).run();

    assertThat(outcome.violations()).isEmpty();
    assertThat(outcome.acknowledged()).isGreaterThan(CYCLES * 30);
    assertThat(outcome.suffered()).isNotEmpty();
  }
}
