package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Effect;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store promises of the leases of an earlier state that it was put back to. */
public interface FenceContract extends OnBench {

  @Test
  default void a_fence_ends_every_lease_and_nobody_is_heard_under_an_old_one() {
    Grant local = bench().running(job("w"));
    Grant remote = bench().runningRemotely(job("v"));
    Instant cut = bench().now().minusSeconds(90);

    Restore restore = bench().store().fence(cut);

    assertThat(restore).isEqualTo(new Restore(cut, bench().now(), 2));
    for (Grant old : List.of(local, remote)) {
      Job back = bench().job(old);
      assertThat(back.phase()).isEqualTo(Phase.READY);
      assertThat(back.fence()).isEqualTo(3);
      assertThat(bench().complete(old, "late")).isEqualTo(new Result.LeaseLost());
      assertThat(bench().fail(old, ErrorCode.WORKER_ERROR, true)).isEqualTo(new Result.LeaseLost());
      assertThat(bench().busy(old, Duration.ZERO)).isEqualTo(new Result.LeaseLost());
      assertThat(bench().suspend(old, Duration.ofHours(1))).isEqualTo(new Result.LeaseLost());
      Note note = new Note.Logged("info", "late");
      assertThat(bench().commit(new Command.Append(old.token(), List.of(note), null)))
          .isEqualTo(new Result.LeaseLost());
      assertThat(bench().job(old)).isEqualTo(back);
    }
    bench().store().extend(StoreBench.LEASE);
    assertThat(bench().store().renew(StoreBench.REMOTE, List.of(remote.token()), StoreBench.LEASE))
        .containsExactly(new Renewal(remote.token(), null));
    assertThat(bench().counts("w").ready()).isEqualTo(1);
    assertThat(bench().counts("v").running()).isZero();
    assertThat(bench().store().reader().heldBy(bench().store().node())).isEmpty();
    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(0, null));
  }

  @Test
  default void a_job_that_was_fenced_off_runs_again_and_the_attempt_counts_once() {
    bench().commit(new Command.Define(WorkerSpec.named("w").maxLost(1).build(), "config"));
    Grant old = bench().runningRemotely(job("w").maxAttempts(1));

    bench().store().fence(bench().now());

    Grant again = bench().claimOne("w");
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(bench().complete(old, "late")).isEqualTo(new Result.LeaseLost());
    assertThat(bench().complete(again, "1")).isInstanceOf(Result.Settled.class);
    assertThat(bench().attempts(old.token().job()))
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.RELEASED, Attempt.State.SUCCEEDED);
  }

  @Test
  default void a_fence_leaves_alone_what_nobody_holds() {
    Grant done = bench().running(job("w"));
    bench().complete(done, "1");
    Job ready = bench().accepted(job("u"));
    Job waiting = bench().accepted(job("u").delay(Duration.ofMinutes(1)));
    Grant grant = bench().runningRemotely(job("v"));
    CallbackToken token = bench().callback(grant);
    bench().suspend(grant, Duration.ofHours(1));
    List<Job> before = List.of(bench().job(done), ready, waiting, bench().job(grant));

    assertThat(bench().store().fence(bench().now()).leases()).isZero();

    assertThat(List.of(bench().job(done), bench().job(ready.id()), bench().job(waiting.id())))
        .isEqualTo(before.subList(0, 3));
    assertThat(bench().job(grant)).isEqualTo(before.getLast());
    assertThat(bench().receive(token, "here you are"))
        .isEqualTo(new Result.Received(Effect.RESUMED));
    assertThat(bench().phase(grant.token().job())).isEqualTo(Phase.READY);
  }

  @Test
  default void a_callback_to_an_attempt_that_was_fenced_off_is_kept_for_the_next() {
    Grant grant = bench().runningRemotely(job("v"));
    CallbackToken token = bench().callback(grant);

    bench().store().fence(bench().now());

    assertThat(bench().receive(token, "early")).isEqualTo(new Result.Received(Effect.STORED));
    assertThat(bench().claimOne("v").resume()).isNotNull();
  }

  @Test
  default void many_leases_are_ended_at_once_and_every_fence_is_remembered() {
    for (int i = 0; i < Sweep.SLICE + 20; i++) {
      bench().accepted(job("w"));
    }
    bench().claim("w", Sweep.SLICE);
    bench().claimRemote("w", 20);
    assertThat(bench().store().reader().restores()).isEmpty();

    Restore first = bench().store().fence(bench().now().minusSeconds(5));
    Restore second = bench().store().fence(bench().now());
    bench().restart();

    assertThat(first.leases()).isEqualTo(Sweep.SLICE + 20);
    assertThat(second.leases()).isZero();
    assertThat(bench().counts("w").ready()).isEqualTo(Sweep.SLICE + 20);
    assertThat(bench().store().reader().restores()).containsExactly(second, first);
  }
}
