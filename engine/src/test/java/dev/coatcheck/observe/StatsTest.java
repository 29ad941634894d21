package dev.coatcheck.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Reader.Finished;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatsTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:30Z");

  private final Stats stats = new Stats();

  @Test
  void a_quarter_of_an_hour_counts() {
    stats.add(job(Phase.SUCCEEDED, Duration.ofMinutes(20), 9_000));
    stats.add(job(Phase.SUCCEEDED, Duration.ofMinutes(10), 40));
    stats.add(job(Phase.FAILED, Duration.ofMinutes(1), 50));
    WorkerStats now = stats.of("w", NOW);
    assertThat(now.window()).isEqualTo(Duration.ofMinutes(15));
    assertThat(now.finished()).isEqualTo(2);
    assertThat(now.successRate()).isEqualTo(0.5);
    assertThat(now.ran().p95()).isEqualTo(40);
  }

  @Test
  void an_idle_worker_tells_of_its_last_twenty_jobs() {
    for (int i = 1; i <= 30; i++) {
      stats.add(job(Phase.SUCCEEDED, Duration.ofHours(40 - i), i));
    }
    WorkerStats now = stats.of("w", NOW);
    assertThat(now.window()).isEqualTo(Duration.ZERO);
    assertThat(now.finished()).isEqualTo(20);
    assertThat(now.ran().p50()).isEqualTo(20);
  }

  @Test
  void canceled_jobs_do_not_count() {
    stats.add(job(Phase.CANCELED, Duration.ZERO, 10));
    assertThat(stats.of("w", NOW).finished()).isZero();
    assertThat(stats.of("w", NOW).successRate()).isEqualTo(1);
  }

  @Test
  void a_failure_says_nothing_of_durations() {
    stats.add(job(Phase.FAILED, Duration.ZERO, 10));
    assertThat(stats.of("w", NOW).hasDurations()).isFalse();
  }

  private static Finished job(Phase phase, Duration ago, long ranMillis) {
    return new Finished(
        "w", phase, NOW.minus(ago), Duration.ofMillis(3), Duration.ofMillis(ranMillis));
  }
}
