package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * What a store promises of time: due jobs become ready, late ones time out, and hints tell when.
 */
public interface StageContract extends OnBench {

  @Test
  default void a_due_job_becomes_ready_without_a_new_fence() {
    JobId id = bench().accepted(job("w").delay(Duration.ofSeconds(5))).id();
    Instant due = bench().now().plusSeconds(5);
    assertThat(bench().store().stage(9)).isEqualTo(new Sweep(0, due));
    bench().advance(Duration.ofSeconds(5));

    Sweep sweep = bench().store().stage(9);

    Job ready = bench().job(id);
    bench().check(sweep, 1, ready.times().deadlineAt());
    assertThat(ready.phase()).isEqualTo(Phase.READY);
    assertThat(ready.waitReason()).isNull();
    assertThat(ready.times().nextAttemptAt()).isNull();
    assertThat(ready.fence()).isEqualTo(1);
    assertThat(bench().counts("w").oldestReadyAt()).isEqualTo(bench().now());
  }

  @Test
  default void a_sweep_that_was_cut_short_is_due_at_once() {
    for (int i = 0; i < 3; i++) {
      bench().accepted(job("w").delay(Duration.ofSeconds(1)));
    }
    bench().advance(Duration.ofSeconds(1));

    assertThat(bench().store().stage(2)).isEqualTo(new Sweep(2, bench().now()));
    assertThat(bench().store().stage(2).moved()).isEqualTo(1);
    assertThat(bench().claim("w", 9)).hasSize(3);
  }

  @Test
  default void a_job_that_did_not_start_in_time_times_out() {
    Job ready = bench().accepted(job("w").queueTimeout(Duration.ofSeconds(3)));
    Job waiting =
        bench().accepted(job("w").delay(Duration.ofSeconds(2)).queueTimeout(Duration.ofSeconds(1)));
    bench().later(Duration.ofSeconds(3));

    for (Job late : List.of(ready, waiting)) {
      Job ended = bench().job(late.id());
      assertThat(ended.phase()).isEqualTo(Phase.TIMED_OUT);
      assertThat(Objects.requireNonNull(ended.error()).code()).isEqualTo(ErrorCode.QUEUE_TIMEOUT);
      assertThat(ended.fence()).isEqualTo(2);
    }
    assertThat(bench().counts("w").deadLetters()).isZero();
    assertThat(bench().claim("w", 9)).isEmpty();
  }

  @Test
  default void queue_timeout_ends_with_the_first_attempt_that_counts() {
    Grant busy = bench().running(job("w").queueTimeout(Duration.ofSeconds(3)));
    bench().busy(busy, Duration.ofSeconds(60));
    Grant failed = bench().running(job("v").queueTimeout(Duration.ofSeconds(3)));
    bench().backoff(failed, Duration.ofSeconds(60));

    bench().later(Duration.ofSeconds(3));

    assertThat(bench().job(busy).phase()).isEqualTo(Phase.TIMED_OUT);
    assertThat(bench().job(failed).phase()).isEqualTo(Phase.WAITING);
  }

  @Test
  default void a_job_past_its_deadline_times_out_whether_ready_or_waiting() {
    Job ready = bench().accepted(job("w").deadline(Duration.ofSeconds(3)));
    Job waiting =
        bench().accepted(job("w").delay(Duration.ofSeconds(60)).deadline(Duration.ofSeconds(3)));
    bench().later(Duration.ofSeconds(3));

    for (Job late : List.of(ready, waiting)) {
      assertThat(Objects.requireNonNull(bench().job(late.id()).error()).code())
          .isEqualTo(ErrorCode.DEADLINE);
    }
    assertThat(bench().store().stage(9)).isEqualTo(new Sweep(0, null));
  }

  @Test
  default void hints_tell_of_work_changes_and_of_earlier_times_only() {
    Heard heard = Heard.on(bench().store());
    bench().store().stage(9);

    bench().accepted(job("w").delay(Duration.ofSeconds(60)));
    bench().accepted(job("w").delay(Duration.ofSeconds(90)));
    bench().accepted(job("w").delay(Duration.ofSeconds(30)));
    bench().accepted(job("w"));
    Grant grant = bench().claimOne("w");
    bench().release(grant);
    bench().store().stage(9);

    assertThat(heard.due())
        .containsExactly(bench().now().plusSeconds(60), bench().now().plusSeconds(30));
    assertThat(heard.work()).containsExactly("w", "w");
    assertThat(heard.phases())
        .containsExactly(
            Phase.WAITING, Phase.WAITING, Phase.WAITING, Phase.READY, Phase.RUNNING, Phase.READY);
  }
}
