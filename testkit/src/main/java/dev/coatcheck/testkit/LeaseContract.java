package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a store promises of leases: who keeps them, and what happens when nobody does. */
public interface LeaseContract extends OnBench {

  @Test
  default void a_remote_lease_that_is_not_renewed_is_rescued_and_a_late_result_is_refused() {
    Grant first = bench().runningRemotely(job("w"));
    Instant end = bench().now().plus(StoreBench.LEASE);
    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(0, end));
    bench().advance(StoreBench.LEASE.minusMillis(1));
    assertThat(bench().store().rescue(9).moved()).isZero();
    bench().advance(Duration.ofMillis(1));

    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(1, null));

    Job back = bench().job(first);
    assertThat(back.phase()).isEqualTo(Phase.READY);
    assertThat(back.fence()).isEqualTo(3);
    assertThat(bench().complete(first, "late")).isEqualTo(new Result.LeaseLost());
    assertThat(bench().job(first)).isEqualTo(back);
    Grant second = bench().claimOne("w");
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(bench().complete(first, "late")).isEqualTo(new Result.LeaseLost());
    assertThat(bench().complete(second, "1")).isInstanceOf(Result.Settled.class);
    Attempt lost = bench().attempts(first.token().job()).getFirst();
    assertThat(lost.state()).isEqualTo(Attempt.State.LOST);
    assertThat(Objects.requireNonNull(lost.error()).code()).isEqualTo(ErrorCode.RUNNER_LOST);
    assertThat(lost.runner()).isEqualTo(StoreBench.REMOTE.toString());
  }

  @Test
  default void a_node_is_told_what_it_holds() {
    Grant local = bench().running(job("w"));
    Grant done = bench().running(job("w"));
    bench().complete(done, "1");
    bench().runningRemotely(job("w"));
    bench().submit(job("w"));

    assertThat(bench().store().reader().heldBy(bench().store().node()))
        .containsExactly(local.token());
    assertThat(bench().store().reader().heldBy(StoreBench.REMOTE)).isEmpty();
  }

  @Test
  default void only_listed_leases_of_the_right_runner_are_extended() {
    Grant listed = bench().runningRemotely(job("w"));
    Grant unlisted = bench().runningRemotely(job("w"));
    Grant local = bench().running(job("w"));
    bench().advance(Duration.ofSeconds(20));
    Instant until = bench().now().plus(StoreBench.LEASE);

    assertThat(
            bench().store().renew(new RunnerId(1, 1), List.of(unlisted.token()), StoreBench.LEASE))
        .containsExactly(new Renewal(unlisted.token(), null));
    assertThat(
            bench()
                .store()
                .renew(StoreBench.REMOTE, List.of(local.token(), listed.token()), StoreBench.LEASE))
        .containsExactly(new Renewal(local.token(), null), new Renewal(listed.token(), until));
    bench().advance(Duration.ofSeconds(10));

    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(1, until));
    assertThat(bench().job(listed).phase()).isEqualTo(Phase.RUNNING);
    assertThat(bench().job(unlisted).phase()).isEqualTo(Phase.READY);
    assertThat(bench().job(local).phase()).isEqualTo(Phase.RUNNING);
    assertThat(
            bench().store().renew(StoreBench.REMOTE, List.of(unlisted.token()), StoreBench.LEASE))
        .containsExactly(new Renewal(unlisted.token(), null));
  }

  @Test
  default void a_lease_of_this_node_is_not_renewed_like_a_remote_one() {
    Grant local = bench().running(job("w"));

    assertThat(
            bench().store().renew(bench().store().node(), List.of(local.token()), StoreBench.LEASE))
        .containsExactly(new Renewal(local.token(), null));
    bench().later(StoreBench.LEASE);

    assertThat(bench().job(local).phase()).isEqualTo(Phase.RUNNING);
  }

  @Test
  default void a_job_whose_runners_are_lost_too_often_is_given_up() {
    bench().commit(new Command.Define(WorkerSpec.named("w").maxLost(2).build(), "config"));
    Grant first = bench().runningRemotely(job("w"));
    bench().later(StoreBench.LEASE);
    bench().claimRemote("w", 1);
    bench().later(StoreBench.LEASE);

    Job given = bench().job(first);
    assertThat(given.phase()).isEqualTo(Phase.FAILED);
    assertThat(Objects.requireNonNull(given.error()).code()).isEqualTo(ErrorCode.RUNNER_LOST);
    assertThat(bench().attempts(given.id()))
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.LOST, Attempt.State.LOST);
    assertThat(bench().counts("w").deadLetters()).isEqualTo(1);
  }

  @Test
  default void a_job_without_attempts_left_is_given_up_when_its_runner_is_lost() {
    Grant grant = bench().runningRemotely(job("w").maxAttempts(1));

    bench().later(StoreBench.LEASE);

    assertThat(bench().job(grant).phase()).isEqualTo(Phase.FAILED);
  }

  @Test
  default void a_lease_of_this_node_does_not_end_by_time() {
    Grant grant = bench().running(job("w"));

    bench().later(Duration.ofDays(2));

    assertThat(bench().job(grant).phase()).isEqualTo(Phase.RUNNING);
    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(0, null));
  }

  @Test
  default void a_restart_frees_the_work_of_the_dead_node_at_once() {
    Grant grant = bench().running(job("w"));
    RunnerId before = bench().store().node();

    bench().restart();
    bench().restart();

    assertThat(bench().store().node()).isNotEqualTo(before);
    assertThat(bench().counts("w").running()).isEqualTo(1);
    assertThat(bench().store().rescue(9).moved()).isEqualTo(1);
    assertThat(bench().job(grant).phase()).isEqualTo(Phase.READY);
    assertThat(bench().claimOne("w").attempt()).isEqualTo(2);
    assertThat(bench().complete(grant, "late")).isEqualTo(new Result.LeaseLost());
  }

  @Test
  default void remote_leases_live_through_a_restart_for_at_least_one_lease() {
    Grant grant = bench().runningRemotely(job("w").runTimeout(Duration.ofHours(2)));
    bench().advance(Duration.ofHours(1));

    bench().restart();

    Instant until = bench().now().plus(StoreBench.LEASE);
    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(0, until));
    assertThat(bench().store().renew(StoreBench.REMOTE, List.of(grant.token()), StoreBench.LEASE))
        .containsExactly(new Renewal(grant.token(), until));
    assertThat(bench().complete(grant, "1")).isInstanceOf(Result.Settled.class);
    assertThat(bench().job(grant).attempt()).isEqualTo(1);
  }

  @Test
  default void all_remote_leases_are_extended_and_none_is_cut() {
    Grant old = bench().runningRemotely(job("w").runTimeout(Duration.ofHours(2)));
    bench().advance(StoreBench.LEASE.minusMillis(1));
    Grant young = bench().runningRemotely(job("w").runTimeout(Duration.ofHours(2)));
    Duration half = StoreBench.LEASE.dividedBy(2);

    bench().store().extend(half);

    bench().advance(half.minusMillis(1));
    assertThat(bench().store().rescue(9).moved()).isZero();
    bench().advance(Duration.ofMillis(1));
    assertThat(bench().store().rescue(9).moved()).isEqualTo(1);
    assertThat(bench().job(old).phase()).isEqualTo(Phase.READY);
    assertThat(bench().job(young).phase()).isEqualTo(Phase.RUNNING);
  }

  @Test
  default void a_closed_store_refuses_everything() {
    Store store = bench().store();
    store.close();
    store.close();

    assertThatThrownBy(() -> store.commit(List.of())).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> store.rescue(1)).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(store::reader).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(store::signals).isInstanceOf(StoreUnavailableException.class);
  }
}
