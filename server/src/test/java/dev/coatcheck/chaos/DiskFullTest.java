package dev.coatcheck.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.coatcheck.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk fills up under the server, and is given room again. */
@Tag("mount")
@Timeout(120)
class DiskFullTest {

  private static final int JOB = 30_000;
  private static final long FULL_MS = 3_500;

  @TempDir Path folder;

  @Test
  void a_full_disk_is_told_nothing_is_lost_and_room_is_enough_to_go_on() throws Exception {
    try (Disk disk = Disk.mount(folder.resolve("disk"), 4);
        Trial trial =
            Trial.start(
                folder.resolve("history"), ServerProcess.Plan.at(disk.folder().resolve("data")))) {
      Till till = trial.till();
      await().atMost(Duration.ofSeconds(30)).until(() -> till.submit(JOB) == 503);
      trial.say("refusing");
      long until = System.currentTimeMillis() + FULL_MS;
      while (System.currentTimeMillis() < until) {
        assertThat(till.submit(JOB)).isEqualTo(503);
        till.ready();
        Thread.sleep(100);
      }
      disk.resize(200);
      trial.say("mended");

      await().atMost(Duration.ofSeconds(10)).until(till::ready);
      assertThat(till.submit(JOB)).isEqualTo(202);
      assertThat(trial.judge()).isEmpty();
    }
  }
}
