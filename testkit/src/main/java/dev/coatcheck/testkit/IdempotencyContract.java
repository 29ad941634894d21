package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a store promises of repeated submissions: idempotency keys, unique keys, retries. */
public interface IdempotencyContract extends OnBench {

  @Test
  default void a_key_used_again_answers_the_first_job() {
    Job first = bench().accepted(job("w").idempotency(Jobs.key("k", "same")));

    assertThat(bench().submit(job("w").idempotency(Jobs.key("k", "same"))))
        .isEqualTo(new Result.Replayed(first.id()));
    assertThat(bench().submit(job("w").idempotency(Jobs.key("k", "other"))))
        .isEqualTo(new Result.KeyReused(first.id()));
    assertThat(bench().counts("w").ready()).isEqualTo(1);
  }

  @Test
  default void a_key_answers_after_the_job_is_done_and_after_a_restart() {
    Grant grant = bench().running(job("w").idempotency(Jobs.key("k", "f")));
    bench().complete(grant, "1");
    bench().restart();

    assertThat(bench().submit(job("w").idempotency(Jobs.key("k", "f"))))
        .isEqualTo(new Result.Replayed(grant.token().job()));
  }

  @Test
  default void a_key_belongs_to_its_tenant() {
    bench().accepted(job("w").tenant("ann").idempotency(Jobs.key("k", "f")));

    assertThat(bench().submit(job("w").tenant("bob").idempotency(Jobs.key("k", "f"))))
        .isInstanceOf(Result.Accepted.class);
  }

  @Test
  default void a_key_twice_in_one_commit_gives_one_job() {
    List<Result> results =
        bench()
            .store()
            .commit(
                List.of(
                    new Command.Submit(
                        job("w").idempotency(Jobs.key("k", "f")).build(bench().now()), false),
                    new Command.Submit(
                        job("w").idempotency(Jobs.key("k", "f")).build(bench().now()), false)));

    JobId first = ((Result.Accepted) results.get(0)).job().id();
    assertThat(results.get(1)).isEqualTo(new Result.Replayed(first));
  }

  @Test
  default void many_callers_with_one_key_get_one_job() throws Exception {
    List<Callable<Result>> calls = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      calls.add(() -> bench().submit(job("w").idempotency(Jobs.key("k", "f"))));
    }
    bench().store();
    Set<JobId> ids = new HashSet<>();
    int accepted = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Result> answer : threads.invokeAll(calls)) {
        switch (answer.get()) {
          case Result.Accepted(Job one) -> {
            accepted++;
            ids.add(one.id());
          }
          case Result.Replayed(JobId id) -> ids.add(id);
          default -> throw new AssertionError(answer.get());
        }
      }
    }

    assertThat(accepted).isEqualTo(1);
    assertThat(ids).hasSize(1);
    assertThat(bench().counts("w").ready()).isEqualTo(1);
  }

  @Test
  default void a_unique_key_stands_for_its_job_while_that_is_open() {
    Grant grant = bench().running(job("w").uniqueKey("u"));
    JobId id = grant.token().job();

    assertThat(bench().submit(job("w").uniqueKey("u").input("else")))
        .isEqualTo(new Result.Existing(id));
    assertThat(bench().submit(job("other").uniqueKey("u"))).isInstanceOf(Result.Accepted.class);
    assertThat(bench().submit(job("w").tenant("bob").uniqueKey("u")))
        .isInstanceOf(Result.Accepted.class);

    bench().complete(grant, "1");
    assertThat(bench().submit(job("w").uniqueKey("u"))).isInstanceOf(Result.Accepted.class);
  }

  @Test
  default void a_unique_key_twice_in_one_commit_gives_one_job() {
    List<Result> results =
        bench()
            .store()
            .commit(
                List.of(
                    new Command.Submit(job("w").uniqueKey("u").build(bench().now()), false),
                    new Command.Submit(job("w").uniqueKey("u").build(bench().now()), true)));

    JobId first = ((Result.Accepted) results.get(0)).job().id();
    assertThat(results.get(1)).isEqualTo(new Result.Existing(first));
  }

  @Test
  default void the_key_of_a_submission_that_met_an_open_job_answers_that_job() {
    Job open = bench().accepted(job("w").uniqueKey("u"));
    bench().submit(job("w").uniqueKey("u").idempotency(Jobs.key("k", "f")));

    bench().cancel(open.id());

    assertThat(bench().submit(job("w").uniqueKey("u").idempotency(Jobs.key("k", "f"))))
        .isEqualTo(new Result.Replayed(open.id()));
  }

  @Test
  default void a_retry_is_known_to_its_original_and_is_not_repeated_while_open() {
    Grant grant = bench().running(job("w"));
    JobId original = grant.token().job();
    bench().fail(grant, ErrorCode.WORKER_ERROR, false);
    assertThat(bench().counts("w").deadLetters()).isEqualTo(1);

    Job retry = bench().accepted(job("w").retryOf(original));

    assertThat(retry.retryOf()).isEqualTo(original);
    assertThat(bench().job(original).retriedBy()).isEqualTo(retry.id());
    assertThat(bench().counts("w").deadLetters()).isZero();
    assertThat(bench().submit(job("w").retryOf(original)))
        .isEqualTo(new Result.Existing(retry.id()));

    bench().cancel(retry.id());
    Job second = bench().accepted(job("w").retryOf(original));
    assertThat(bench().job(original).retriedBy()).isEqualTo(second.id());
  }
}
