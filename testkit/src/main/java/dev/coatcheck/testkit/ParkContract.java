package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store promises of jobs that go back to the queue. */
public interface ParkContract extends OnBench {

  @Test
  default void a_failed_attempt_waits_and_the_next_one_counts() {
    Grant first = bench().running(job("w"));

    Result parked = bench().backoff(first, Duration.ofSeconds(5));

    assertThat(parked).isEqualTo(new Result.Parked(bench().now().plusSeconds(5)));
    Job waiting = bench().job(first);
    assertThat(waiting.phase()).isEqualTo(Phase.WAITING);
    assertThat(waiting.waitReason()).isEqualTo(WaitReason.BACKOFF);
    assertThat(waiting.fence()).isEqualTo(3);
    assertThat(bench().claim("w", 1)).isEmpty();
    bench().later(Duration.ofSeconds(5));
    Grant second = bench().claimOne("w");
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.token().fence()).isEqualTo(4);
  }

  @Test
  default void busy_and_release_keep_the_number_of_the_attempt() {
    Grant first = bench().running(job("w"));
    assertThat(bench().busy(first, Duration.ZERO)).isEqualTo(new Result.Parked(bench().now()));
    assertThat(bench().job(first).waitReason()).isEqualTo(WaitReason.RATE_LIMITED);
    bench().later(Duration.ZERO);

    Grant second = bench().claimOne("w");
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(bench().release(second)).isEqualTo(new Result.Parked(null));
    assertThat(bench().job(first).phase()).isEqualTo(Phase.READY);

    Grant third = bench().claimOne("w");
    assertThat(third.attempt()).isEqualTo(1);
    bench().backoff(third, Duration.ZERO);
    bench().later(Duration.ZERO);
    assertThat(bench().claimOne("w").attempt()).isEqualTo(2);
    assertThat(bench().attempts(first.token().job()))
        .extracting(Attempt::state)
        .containsExactly(
            Attempt.State.RELEASED,
            Attempt.State.RELEASED,
            Attempt.State.FAILED,
            Attempt.State.RUNNING);
  }

  @Test
  default void a_released_job_stands_at_the_front_again() {
    Grant first = bench().running(job("w"));
    JobId second = bench().accepted(job("w")).id();

    bench().release(first);

    assertThat(bench().claim("w", 2))
        .extracting(grant -> grant.token().job())
        .containsExactly(first.token().job(), second);
  }

  @Test
  default void an_attempt_that_ran_too_long_is_told_as_timed_out() {
    Grant grant = bench().running(job("w"));
    JobError error = StoreBench.error(grant, ErrorCode.RUN_TIMEOUT, true);

    bench().park(grant.token(), new Parking.Backoff(error, Usage.NONE, Duration.ofSeconds(1)));

    Attempt attempt = bench().attempts(grant.token().job()).getFirst();
    assertThat(attempt.state()).isEqualTo(Attempt.State.TIMED_OUT);
    assertThat(attempt.error()).isEqualTo(error);
    assertThat(attempt.waitReason()).isEqualTo(WaitReason.BACKOFF);
    assertThat(attempt.nextAttemptAt()).isEqualTo(bench().now().plusSeconds(1));
    assertThat(attempt.finishedAt()).isEqualTo(bench().now());
  }

  @Test
  default void the_first_holder_writes_nothing_once_its_job_was_parked() {
    for (Parking parking :
        List.of(
            new Parking.Busy("429", Duration.ZERO),
            new Parking.Release(),
            new Parking.Backoff(
                JobError.of(ErrorCode.WORKER_ERROR, "no", true, 1), Usage.NONE, Duration.ZERO))) {
      Grant first = bench().running(job("w"));
      bench().park(first.token(), parking);
      Job parked = bench().job(first);
      assertThat(bench().complete(first, "late")).isEqualTo(new Result.LeaseLost());
      assertThat(bench().job(first)).isEqualTo(parked);
      bench().later(Duration.ZERO);

      Grant second = bench().claimOne("w");
      Job running = bench().job(first);
      assertThat(bench().complete(first, "late")).isEqualTo(new Result.LeaseLost());
      assertThat(bench().busy(first, Duration.ZERO)).isEqualTo(new Result.LeaseLost());
      assertThat(bench().job(first)).isEqualTo(running);
      assertThat(bench().complete(second, "right")).isInstanceOf(Result.Settled.class);
      assertThat(bench().job(first).output()).isEqualTo(Payload.utf8("right"));
    }
  }
}
