package dev.coatcheck.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobTimes;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.observe.WorkerStats.Spread;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EstimateTest {

  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
  private static final WorkerSpec SPEC = WorkerSpec.of("w");

  @Test
  void a_job_that_takes_five_minutes_is_polled_three_times() {
    WorkerStats usual = ran(300_000, 320_000);
    Instant done = START.plusSeconds(310);
    List<Long> polls = new ArrayList<>();
    Instant now = START;
    while (now.isBefore(done)) {
      long wait = Estimate.nextPoll(running(), usual, SPEC, now).toSeconds();
      polls.add(wait);
      now = now.plusSeconds(wait);
    }
    assertThat(polls).containsExactly(300L, 20L);
  }

  @Test
  void past_the_slowest_it_asks_for_a_tenth_of_the_usual_time() {
    WorkerStats usual = ran(300_000, 320_000);
    assertThat(Estimate.nextPoll(running(), usual, SPEC, START.plusSeconds(320)))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(Estimate.nextPoll(running(), ran(40, 90), SPEC, START.plusSeconds(60)))
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void seconds_are_whole_and_rounded_up() {
    assertThat(Estimate.nextPoll(running(), ran(2_001, 4_000), SPEC, START))
        .isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void nothing_is_ever_beyond_ten_minutes() {
    assertThat(Estimate.nextPoll(running(), ran(7_200_000, 9_000_000), SPEC, START))
        .isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void without_history_it_says_two_seconds_or_what_the_worker_expects() {
    assertThat(Estimate.nextPoll(running(), ran(0, 0, 0), SPEC, START))
        .isEqualTo(Duration.ofSeconds(2));
    WorkerSpec slow = WorkerSpec.named("w").expectedDuration(Duration.ofMinutes(5)).build();
    assertThat(Estimate.nextPoll(running(), ran(0, 0, 0), slow, START.plusSeconds(60)))
        .isEqualTo(Duration.ofMinutes(4));
  }

  @Test
  void a_scheduled_job_adds_the_time_until_it_may_start() {
    Job scheduled = job(Phase.WAITING, null, START.plusSeconds(100));
    assertThat(Estimate.nextPoll(scheduled, ran(5_000, 6_000), SPEC, START))
        .isEqualTo(Duration.ofSeconds(105));
  }

  @Test
  void an_estimate_counts_the_jobs_ahead_by_the_places_there_are() {
    Job ready = job(Phase.READY, null, null);
    Estimate estimate = Estimate.of(ready, ran(1_000, 2_000), 40, 4, START).orElseThrow();
    assertThat(estimate.low()).isEqualTo(Duration.ofSeconds(11));
    assertThat(estimate.high()).isEqualTo(Duration.ofSeconds(12));
    assertThat(estimate.finishAt()).isEqualTo(START.plusSeconds(11));
  }

  @Test
  void there_is_no_estimate_without_history_or_for_a_finished_job() {
    assertThat(Estimate.of(running(), ran(0, 0, 0), 0, 1, START)).isEmpty();
    assertThat(Estimate.of(job(Phase.FAILED, START, null), ran(1, 1), 0, 1, START)).isEmpty();
  }

  private static WorkerStats ran(long p50, long p95) {
    return ran(20, p50, p95);
  }

  private static WorkerStats ran(long count, long p50, long p95) {
    Spread spread = new Spread(count, p50, p50, p95);
    return new WorkerStats(Duration.ofMinutes(15), count, 1, spread, spread);
  }

  private static Job running() {
    return job(Phase.RUNNING, START, null);
  }

  private static Job job(Phase phase, @Nullable Instant started, @Nullable Instant next) {
    JobTimes times =
        new JobTimes(null, next, started, started, null, Duration.ofHours(1), null, null, null);
    return new Job(
        JobId.of(START, 1, 1),
        TenantId.DEFAULT,
        "w",
        1,
        phase,
        null,
        2,
        1,
        5,
        0,
        "default",
        Payload.EMPTY,
        null,
        null,
        null,
        Usage.NONE,
        times,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        List.of(),
        false,
        null);
  }
}
