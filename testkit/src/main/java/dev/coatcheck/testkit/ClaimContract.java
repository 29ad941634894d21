package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.ClaimPlan;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a store promises of claims. */
public interface ClaimContract extends OnBench {

  @Test
  default void a_grant_tells_all_that_a_runner_needs() {
    Job stored = bench().accepted(job("w").input("{\"n\":1}").priority(3).metadata("user", "ann"));
    bench().advance(Duration.ofSeconds(1));

    Grant grant = bench().claimOne("w");

    assertThat(grant.token().job()).isEqualTo(stored.id());
    assertThat(grant.token().fence()).isEqualTo(2);
    assertThat(grant.attempt()).isEqualTo(1);
    assertThat(grant.input().text()).isEqualTo("{\"n\":1}");
    assertThat(grant.metadata()).containsEntry("user", "ann");
    assertThat(grant.startedAt()).isEqualTo(bench().now());
    assertThat(grant.deadlineAt()).isEqualTo(stored.times().deadlineAt());
    Job running = bench().job(stored.id());
    assertThat(running.phase()).isEqualTo(Phase.RUNNING);
    assertThat(running.fence()).isEqualTo(2);
    assertThat(running.times().startedAt()).isEqualTo(bench().now());
    assertThat(running.times().attemptStartedAt()).isEqualTo(bench().now());
  }

  @Test
  default void higher_priority_starts_first_then_the_older() {
    JobId low = bench().accepted(job("w").priority(-1)).id();
    JobId first = bench().accepted(job("w")).id();
    JobId second = bench().accepted(job("w")).id();
    JobId high = bench().accepted(job("w").priority(9)).id();

    assertThat(bench().store().reader().ahead(bench().job(second), 10))
        .isEqualTo(OptionalInt.of(2));
    assertThat(bench().store().reader().ahead(bench().job(low), 2)).isEmpty();
    assertThat(ids(bench().claim("w", 2))).containsExactly(high, first);
    assertThat(ids(bench().claimRemote("w", 9))).containsExactly(second, low);
    assertThat(bench().claim("w", 9)).isEmpty();
    assertThat(bench().store().reader().ahead(bench().job(second), 10)).isEmpty();
  }

  @Test
  default void workers_are_served_in_the_order_of_the_plan_up_to_their_bounds() {
    JobId a1 = bench().accepted(job("a")).id();
    bench().accepted(job("a"));
    JobId b1 = bench().accepted(job("b")).id();

    List<Grant> grants =
        bench()
            .store()
            .claim(
                new ClaimPlan(
                    new ClaimPlan.Holder.Node(),
                    List.of(
                        new ClaimPlan.Want("b", 5),
                        new ClaimPlan.Want("none", 5),
                        new ClaimPlan.Want("a", 1))));

    assertThat(ids(grants)).containsExactly(b1, a1);
  }

  @Test
  default void waiting_jobs_and_jobs_past_their_clocks_are_not_started() {
    bench().accepted(job("w").delay(Duration.ofSeconds(60)));
    bench().accepted(job("w").queueTimeout(Duration.ofSeconds(10)));
    bench().accepted(job("w").deadline(Duration.ofSeconds(10)));
    bench().advance(Duration.ofSeconds(10));

    assertThat(bench().claim("w", 9)).isEmpty();
    assertThat(bench().claimRemote("w", 9)).isEmpty();
  }

  @Test
  default void remote_grants_have_secrets_of_their_own() {
    bench().accepted(job("w"));
    bench().accepted(job("w"));

    List<Grant> grants = bench().claimRemote("w", 2);

    assertThat(grants.get(0).token().secretLow()).isNotEqualTo(grants.get(1).token().secretLow());
    assertThat(grants.get(0).token().secretHigh()).isNotEqualTo(grants.get(1).token().secretHigh());
  }

  private static List<JobId> ids(List<Grant> grants) {
    return grants.stream().map(grant -> grant.token().job()).toList();
  }
}
