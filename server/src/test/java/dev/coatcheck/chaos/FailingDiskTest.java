package dev.coatcheck.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.coatcheck.cli.exit.ExitCode;
import dev.coatcheck.process.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** System calls of the store fail under the server, as libfiu makes them fail. */
@Tag("fiu")
@Timeout(120)
class FailingDiskTest {

  private static final int JOB = 3_000;
  private static final Duration SLOW = Duration.ofSeconds(12);

  @TempDir Path folder;

  @Test
  void after_a_sync_that_failed_the_server_acknowledges_nothing_and_ends() throws Exception {
    try (Trial trial = start()) {
      Till till = trial.till();
      for (int i = 0; i < 10; i++) {
        assertThat(till.submit(JOB)).isEqualTo(202);
      }
      assertThat(till.submitSlow(SLOW)).isEqualTo(202);
      failing(trial, "enable", "posix/io/sync/fsync");
      assertThat(till.submit(JOB)).isEqualTo(503);
      trial.say("refusing");
      // A later sync would succeed, and prove nothing; nor is there a wait for the job that runs.
      assertThat(trial.server().exit(SLOW)).isEqualTo(ExitCode.DISK);
      assertThat(Files.readString(folder.resolve("data.log")))
          .contains("The disk failed: nothing is written until a restart")
          .contains("what was acknowledged is there after a restart");
      trial.restart();

      assertThat(till.submit(JOB)).isEqualTo(202);
      assertThat(till.ready()).isTrue();
      assertThat(trial.judge()).isEmpty();
    }
  }

  @Test
  void a_write_that_fails_is_told_and_the_next_may_succeed() throws Exception {
    try (Trial trial = start()) {
      Till till = trial.till();
      assertThat(till.submit(JOB)).isEqualTo(202);
      for (int i = 0; i < 5; i++) {
        failing(trial, "enable", "posix/io/rw/pwrite");
        assertThat(till.submit(JOB)).isEqualTo(503);
        assertThat(till.ready()).isFalse();
        failing(trial, "disable", "posix/io/rw/pwrite");
        await().atMost(Duration.ofSeconds(5)).until(() -> till.submit(JOB) == 202);
      }
      assertThat(till.ready()).isTrue();
      assertThat(trial.judge()).isEmpty();
    }
  }

  private Trial start() throws Exception {
    return Trial.start(
        folder.resolve("history"),
        ServerProcess.Plan.at(folder.resolve("data"))
            .under("fiu-run", "-x", "-f", folder.resolve("fiu").toString()));
  }

  private void failing(Trial trial, String command, String name) throws Exception {
    Disk.run(
        "fiu-ctrl",
        "-f",
        folder.resolve("fiu").toString(),
        "-c",
        command + " name=" + name,
        Long.toString(trial.server().pid()));
  }
}
