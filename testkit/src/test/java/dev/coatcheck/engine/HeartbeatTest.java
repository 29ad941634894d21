package dev.coatcheck.engine;

import static dev.coatcheck.engine.Bench.worker;
import static dev.coatcheck.engine.Lending.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.lease.Suspension.OnTimeout;
import dev.coatcheck.lend.Pulse;
import dev.coatcheck.lend.Verdict;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What keeps a lease alive, and how a runner learns that it has none. */
@Timeout(60)
class HeartbeatTest {

  private static final Duration SHORT = Duration.ofMillis(600);

  @Test
  void a_heartbeat_extends_the_leases_it_lists_and_carries_reports() throws Exception {
    try (Lending lending = new Lending()) {
      lending.define(worker("w").build());
      Grant grant = lending.lent("w");
      Progress half = new Progress(0.5, "painting", null);
      Usage usage = new Usage(1L, 2L, 3L);

      List<Verdict> verdicts =
          lending.lender.heartbeat(Lending.RUNNER, List.of(new Pulse(grant.token(), half, usage)));

      Verdict.Ok ok = (Verdict.Ok) verdicts.getFirst();
      assertThat(ok.lease()).isEqualTo(grant.token());
      assertThat(ok.expiresAt()).isAfterOrEqualTo(grant.leaseUntil());
      lending.bench.until(
          id(grant), job -> half.equals(job.progress()) && job.usage().equals(usage));
    }
  }

  @Test
  void a_lease_lives_as_long_as_it_is_listed() throws Exception {
    try (Lending lending = new Lending(SHORT)) {
      lending.define(worker("w").build());
      Grant grant = lending.lent("w");
      long end = System.nanoTime() + SHORT.multipliedBy(2).toNanos();
      while (System.nanoTime() < end) {
        assertThat(beat(lending, Lending.RUNNER, grant.token())).isNull();
        Thread.sleep(SHORT.dividedBy(8));
      }

      assertThat(lending.lender.complete(grant.token(), done("1")))
          .isInstanceOf(Result.Settled.class);
      assertThat(lending.bench.done(id(grant)).attempt()).isOne();
    }
  }

  @Test
  void a_lease_that_is_not_listed_is_lost_and_its_job_runs_again() throws Exception {
    try (Lending lending = new Lending(SHORT)) {
      lending.define(worker("w").build());
      Grant first = lending.lent("w");

      lending.bench.until(id(first), Phase.READY);

      assertThat(beat(lending, Lending.RUNNER, first.token())).isEqualTo(Verdict.Reason.LOST);
      assertThat(lending.lender.complete(first.token(), done("late")))
          .isEqualTo(new Result.LeaseLost());
      Grant second = lending.lend(1, "w").getFirst();
      assertThat(second.attempt()).isEqualTo(2);
      lending.lender.complete(second.token(), done("2"));
      assertThat(lending.bench.attempts(id(first)))
          .extracting(Attempt::state)
          .containsExactly(Attempt.State.LOST, Attempt.State.SUCCEEDED);
    }
  }

  @Test
  void a_runner_is_told_why_to_stop() throws Exception {
    try (Lending lending = new Lending()) {
      lending.define(worker("w").build());
      lending.define(worker("slow").runTimeout(Duration.ofMillis(20)).maxAttempts(1).build());
      lending.define(worker("late").deadline(Duration.ofMillis(600)).build());
      Grant held = lending.lent("w");
      Grant canceled = lending.lent("w");
      lending.bench.engine.cancel(TenantId.DEFAULT, id(canceled));
      Grant completed = lending.lent("w");
      lending.lender.complete(completed.token(), done("1"));
      Grant suspended = lending.lent("w");
      lending.lender.suspend(
          suspended.token(), new Suspension(Duration.ofHours(1), null, OnTimeout.FAIL, Usage.NONE));
      Grant slow = lending.lent("slow");
      lending.bench.done(id(slow));
      Grant late = lending.lent("late");
      lending.bench.done(id(late));

      assertThat(beat(lending, Lending.RUNNER, held.token())).isNull();
      assertThat(beat(lending, Lending.RUNNER, canceled.token()))
          .isEqualTo(Verdict.Reason.CANCELED);
      assertThat(beat(lending, Lending.RUNNER, completed.token()))
          .isEqualTo(Verdict.Reason.FINISHED);
      assertThat(beat(lending, Lending.RUNNER, suspended.token()))
          .isEqualTo(Verdict.Reason.FINISHED);
      assertThat(beat(lending, Lending.RUNNER, slow.token())).isEqualTo(Verdict.Reason.TIMED_OUT);
      assertThat(beat(lending, Lending.RUNNER, late.token())).isEqualTo(Verdict.Reason.DEADLINE);
    }
  }

  @Test
  void a_foreign_or_unknown_lease_is_told_as_lost_and_not_extended() throws Exception {
    try (Lending lending = new Lending()) {
      lending.define(worker("w").build());
      Grant grant = lending.lent("w");
      LeaseToken right = grant.token();
      LeaseToken wrong =
          new LeaseToken(right.job(), right.fence(), right.secretHigh(), ~right.secretLow());

      assertThat(beat(lending, new RunnerId(2, 2), right)).isEqualTo(Verdict.Reason.LOST);
      assertThat(beat(lending, Lending.RUNNER, wrong)).isEqualTo(Verdict.Reason.LOST);

      assertThat(beat(lending, Lending.RUNNER, right)).isNull();
      assertThat(lending.lender.complete(right, done("1"))).isInstanceOf(Result.Settled.class);
    }
  }

  @Test
  void verdicts_stand_in_the_order_of_the_pulses() throws Exception {
    try (Lending lending = new Lending()) {
      lending.define(worker("w").build());
      Grant first = lending.lent("w");
      Grant second = lending.lent("w");
      lending.lender.release(first.token());

      assertThat(
              lending.lender.heartbeat(
                  Lending.RUNNER,
                  List.of(
                      new Pulse(second.token(), null, null),
                      new Pulse(first.token(), null, null),
                      new Pulse(second.token(), null, null))))
          .extracting(Verdict::lease)
          .containsExactly(second.token(), first.token(), second.token());
      assertThat(lending.lender.heartbeat(Lending.RUNNER, List.of())).isEmpty();
    }
  }

  /** Why to stop; null for going on. */
  private static Verdict.@Nullable Reason beat(Lending lending, RunnerId runner, LeaseToken lease) {
    return switch (lending
        .lender
        .heartbeat(runner, List.of(new Pulse(lease, null, null)))
        .getFirst()) {
      case Verdict.Ok ok -> null;
      case Verdict.Stop stop -> stop.reason();
    };
  }

  private static JobId id(Grant grant) {
    return grant.token().job();
  }
}
