package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Lineage;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store promises of submissions. */
public interface SubmitContract extends OnBench {

  @Test
  default void an_accepted_job_is_found_as_it_was_answered() {
    Job answered =
        bench()
            .accepted(
                job("w")
                    .input("{\"n\":1}")
                    .priority(7)
                    .lane("blue")
                    .metadata("user", "ann & bob=1")
                    .metadata("ü", "%")
                    .queueTimeout(Duration.ofMinutes(1)));

    assertThat(bench().job(answered.id())).isEqualTo(answered);
    assertThat(answered.phase()).isEqualTo(Phase.READY);
    assertThat(answered.fence()).isEqualTo(1);
    assertThat(answered.attempt()).isZero();
    assertThat(answered.times().deadlineAt()).isEqualTo(bench().now().plus(Duration.ofDays(7)));
    assertThat(answered.times().queueTimeoutAt())
        .isEqualTo(bench().now().plus(Duration.ofMinutes(1)));
    assertThat(answered.createdAt()).isEqualTo(bench().now());
  }

  @Test
  default void payloads_of_every_size_come_back() {
    for (int size : List.of(0, 1, 1_024, 1_025, 300_000)) {
      Job stored = bench().accepted(job("w").input("x".repeat(size)));
      assertThat(bench().job(stored.id()).input().size()).isEqualTo(size);
      assertThat(bench().claimOne("w").input()).isEqualTo(Payload.utf8("x".repeat(size)));
    }
  }

  @Test
  default void lineage_comes_back() {
    JobId parent = bench().accepted(job("parent")).id();
    Lineage lineage = new Lineage(parent, parent, "scrape", 3);

    Job child = bench().accepted(job("w").lineage(lineage));

    assertThat(bench().job(child.id()).lineage()).isEqualTo(lineage);
  }

  @Test
  default void a_job_for_later_waits() {
    Job byTime = bench().accepted(job("w").runAt(bench().now().plusSeconds(5)));
    Job byDelay = bench().accepted(job("w").delay(Duration.ofSeconds(5)));

    for (Job stored : List.of(byTime, byDelay)) {
      assertThat(stored.phase()).isEqualTo(Phase.WAITING);
      assertThat(stored.waitReason()).isEqualTo(WaitReason.SCHEDULED);
      assertThat(stored.times().nextAttemptAt()).isEqualTo(bench().now().plusSeconds(5));
      assertThat(stored.times().runAt()).isEqualTo(bench().now().plusSeconds(5));
      assertThat(bench().job(stored.id())).isEqualTo(stored);
    }
  }

  @Test
  default void a_time_in_the_past_means_at_once() {
    Job stored = bench().accepted(job("w").runAt(bench().now().minusSeconds(5)));

    assertThat(stored.phase()).isEqualTo(Phase.READY);
    assertThat(stored.times().runAt()).isEqualTo(bench().now().minusSeconds(5));
  }

  @Test
  default void queue_timeout_counts_from_run_at() {
    Job stored =
        bench()
            .accepted(job("w").delay(Duration.ofSeconds(60)).queueTimeout(Duration.ofSeconds(10)));

    assertThat(stored.times().queueTimeoutAt()).isEqualTo(bench().now().plusSeconds(70));
  }

  @Test
  default void a_job_starts_with_its_submission_when_nothing_of_its_worker_is_ready() {
    Result.Started started = bench().started(job("w"));

    assertThat(started.job().phase()).isEqualTo(Phase.RUNNING);
    assertThat(started.job().fence()).isEqualTo(2);
    assertThat(started.job().attempt()).isEqualTo(1);
    assertThat(started.grant().token().fence()).isEqualTo(2);
    assertThat(bench().job(started.job().id())).isEqualTo(started.job());
    assertThat(bench().complete(started.grant(), "1")).isInstanceOf(Result.Settled.class);
  }

  @Test
  default void a_job_queues_behind_ready_ones_and_behind_its_own_time() {
    bench().accepted(job("w"));

    assertThat(bench().commit(new Command.Submit(job("w").build(bench().now()), true)))
        .isInstanceOf(Result.Accepted.class);
    assertThat(
            bench()
                .commit(
                    new Command.Submit(
                        job("other").delay(Duration.ofSeconds(1)).build(bench().now()), true)))
        .isInstanceOf(Result.Accepted.class);
  }

  @Test
  default void a_full_queue_refuses_and_counts_waiting_jobs_but_not_running_ones() {
    bench().running(job("w").queueLimit(2));
    bench().accepted(job("w").queueLimit(2));
    bench().accepted(job("w").queueLimit(2).delay(Duration.ofSeconds(9)));

    Result third = bench().submit(job("w").queueLimit(2).idempotency(Jobs.key("k", "f")));

    assertThat(third).isEqualTo(new Result.QueueFull(2));
    bench().claimOne("w");
    assertThat(bench().submit(job("w").queueLimit(2).idempotency(Jobs.key("k", "f"))))
        .isInstanceOf(Result.Accepted.class);
  }

  @Test
  default void one_refusal_leaves_the_commands_beside_it_alone() {
    Job canceled = bench().accepted(job("w"));

    List<Result> results =
        bench()
            .store()
            .commit(
                List.of(
                    new Command.Submit(job("full").queueLimit(1).build(bench().now()), false),
                    new Command.Submit(job("full").queueLimit(1).build(bench().now()), false),
                    new Command.Cancel(StoreBench.TENANT, canceled.id()),
                    new Command.Submit(job("w").build(bench().now()), false)));

    assertThat(results.get(0)).isInstanceOf(Result.Accepted.class);
    assertThat(results.get(1)).isInstanceOf(Result.QueueFull.class);
    assertThat(results.get(2)).isInstanceOf(Result.Canceled.class);
    assertThat(results.get(3)).isInstanceOf(Result.Accepted.class);
    assertThat(bench().counts("full").ready()).isEqualTo(1);
    assertThat(bench().counts("w").ready()).isEqualTo(1);
  }

  @Test
  default void a_foreign_job_is_unknown() {
    Job stored = bench().accepted(job("w").tenant("ann"));

    assertThat(bench().store().reader().job(new TenantId("bob"), stored.id()))
        .isEqualTo(new Lookup.Unknown());
    assertThat(bench().store().reader().attempts(new TenantId("bob"), stored.id())).isEmpty();
    assertThat(bench().store().reader().events(new TenantId("bob"), stored.id(), 0, 9).events())
        .isEmpty();
  }
}
