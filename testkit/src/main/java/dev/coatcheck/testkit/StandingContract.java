package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Standing;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a store tells of leases, in force and ended. */
public interface StandingContract extends OnBench {

  @Test
  default void a_lease_in_force_tells_what_it_is_for() {
    Grant grant = bench().runningRemotely(job("w").tenant("ann").workerVersion(3).maxAttempts(4));

    assertThat(standing(grant)).isEqualTo(new Standing.Held(new TenantId("ann"), "w", 3, 1, 4));
    bench().restart();
    assertThat(standing(grant)).isInstanceOf(Standing.Held.class);
  }

  @Test
  default void a_lease_that_has_ended_tells_how() {
    Grant succeeded = bench().running(job("w"));
    bench().complete(succeeded, "1");
    assertThat(standing(succeeded)).isEqualTo(ended(Attempt.State.SUCCEEDED, null));

    Grant failed = bench().running(job("w"));
    bench().fail(failed, ErrorCode.UPSTREAM_ERROR, false);
    assertThat(standing(failed)).isEqualTo(ended(Attempt.State.FAILED, ErrorCode.UPSTREAM_ERROR));

    Grant retried = bench().running(job("w"));
    bench().backoff(retried, Duration.ofHours(1));
    assertThat(standing(retried)).isEqualTo(ended(Attempt.State.FAILED, ErrorCode.WORKER_ERROR));

    Grant canceled = bench().running(job("w"));
    bench().cancel(canceled.token().job());
    assertThat(standing(canceled)).isEqualTo(ended(Attempt.State.CANCELED, null));

    Grant busy = bench().running(job("w"));
    bench().busy(busy, Duration.ofHours(1));
    assertThat(standing(busy)).isEqualTo(ended(Attempt.State.RELEASED, null));
  }

  @Test
  default void a_lease_whose_clock_ran_out_tells_which() {
    Grant lost = bench().runningRemotely(job("w"));
    Grant late = bench().runningRemotely(job("w").deadline(Duration.ofSeconds(20)));
    Grant slow = bench().runningRemotely(job("w").runTimeout(Duration.ofSeconds(20)));

    bench().later(StoreBench.LEASE);

    assertThat(standing(lost)).isEqualTo(ended(Attempt.State.LOST, ErrorCode.RUNNER_LOST));
    assertThat(standing(late)).isEqualTo(ended(Attempt.State.TIMED_OUT, ErrorCode.DEADLINE));
    assertThat(standing(slow)).isEqualTo(ended(Attempt.State.TIMED_OUT, ErrorCode.RUN_TIMEOUT));
    bench().claim("w", 9);
    assertThat(standing(lost)).isEqualTo(ended(Attempt.State.LOST, ErrorCode.RUNNER_LOST));
  }

  @Test
  default void a_suspended_lease_tells_what_became_of_it() {
    Grant failed = bench().runningRemotely(job("w"));
    bench().suspend(failed, Duration.ofMinutes(1));
    assertThat(standing(failed)).isEqualTo(ended(Attempt.State.SUSPENDED, null));
    Grant canceled = bench().runningRemotely(job("w"));
    bench().suspend(canceled, Duration.ofMinutes(1));
    Grant resumed = bench().runningRemotely(job("w"));
    bench().suspend(resumed, Duration.ofMinutes(1));

    bench().cancel(canceled.token().job());
    bench().receive(bench().callback(resumed), "x");
    bench().later(Duration.ofMinutes(1));

    assertThat(standing(failed))
        .isEqualTo(ended(Attempt.State.TIMED_OUT, ErrorCode.CALLBACK_TIMEOUT));
    assertThat(standing(canceled)).isEqualTo(ended(Attempt.State.CANCELED, null));
    assertThat(standing(resumed)).isEqualTo(ended(Attempt.State.SUSPENDED, null));
  }

  @Test
  default void nothing_is_told_without_the_secret() {
    Grant grant = bench().running(job("w"));
    for (boolean ended : List.of(false, true)) {
      LeaseToken right = grant.token();
      for (LeaseToken wrong :
          List.of(
              new LeaseToken(right.job(), right.fence(), right.secretHigh(), ~right.secretLow()),
              new LeaseToken(right.job(), right.fence(), ~right.secretHigh(), right.secretLow()),
              new LeaseToken(right.job(), right.fence() + 1, right.secretHigh(), right.secretLow()),
              new LeaseToken(right.job(), right.fence() - 1, right.secretHigh(), right.secretLow()),
              new LeaseToken(
                  Jobs.idAt(bench().now()),
                  right.fence(),
                  right.secretHigh(),
                  right.secretLow()))) {
        assertThat(bench().store().reader().standing(wrong))
            .as("ended: %s", ended)
            .isEqualTo(new Standing.Unknown());
      }
      bench().complete(grant, "1");
    }
  }

  private Standing standing(Grant grant) {
    return bench().store().reader().standing(grant.token());
  }

  private static Standing ended(Attempt.State state, @Nullable ErrorCode code) {
    return new Standing.Ended(StoreBench.TENANT, state, code);
  }
}
