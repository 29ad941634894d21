package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.callback.Effect;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.CancelReceipt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.lease.Suspension.OnTimeout;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a store promises of attempts that wait for a callback. */
public interface SuspendContract extends OnBench {

  Duration MINUTE = Duration.ofMinutes(1);

  @Test
  default void a_suspended_job_is_held_by_nobody_and_has_run_so_far() {
    Grant grant = bench().running(job("w"));
    bench().advance(Duration.ofSeconds(2));

    Result result =
        bench()
            .commit(
                new Command.Suspend(
                    grant.token(), new Suspension(MINUTE, null, OnTimeout.FAIL, StoreBench.USAGE)));

    assertThat(result).isEqualTo(new Result.Suspended());
    Job waiting = bench().job(grant);
    assertThat(waiting.phase()).isEqualTo(Phase.SUSPENDED);
    assertThat(waiting.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(waiting.waitReason()).isEqualTo(WaitReason.CALLBACK);
    assertThat(waiting.fence()).isEqualTo(3);
    assertThat(waiting.attempt()).isEqualTo(1);
    assertThat(waiting.usage()).isEqualTo(StoreBench.USAGE);
    assertThat(waiting.times().attemptStartedAt()).isNull();
    assertThat(waiting.times().nextAttemptAt()).isNull();
    assertThat(attempt(grant))
        .isEqualTo(
            new Attempt(
                1,
                2,
                Attempt.State.SUSPENDED,
                bench().store().node().toString(),
                bench().now().minusSeconds(2),
                bench().now(),
                null,
                StoreBench.USAGE,
                false,
                null,
                null));
    assertThat(bench().events(waiting.id()).getLast())
        .isEqualTo(
            new JobEvent.Status(
                3_000_000, bench().now(), JobStatus.RUNNING, WaitReason.CALLBACK, 1));
    assertThat(bench().counts("w")).isEqualTo(new WorkerCounts(0, 0, 0, 1, 0, 0, null));
    assertThat(bench().counts("w").open()).isOne();
    assertThat(bench().claim("w", 9)).isEmpty();
    assertThat(bench().store().stage(9)).isEqualTo(new Sweep(0, null));
    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(0, bench().now().plus(MINUTE)));
  }

  @Test
  default void the_holder_writes_nothing_once_its_attempt_is_suspended() {
    Grant grant = bench().running(job("w"));
    bench().callback(grant);
    bench().suspend(grant, MINUTE, "state", OnTimeout.RESUME);
    refusesAll(grant);

    bench().later(MINUTE);
    assertThat(bench().job(grant).phase()).isEqualTo(Phase.READY);
    refusesAll(grant);

    Grant next = bench().claimOne("w");
    refusesAll(grant);
    assertThat(bench().complete(next, "right")).isInstanceOf(Result.Settled.class);
  }

  private void refusesAll(Grant late) {
    Job before = bench().job(late);
    assertThat(bench().complete(late, "late")).isEqualTo(new Result.LeaseLost());
    assertThat(bench().fail(late, ErrorCode.WORKER_ERROR, true)).isEqualTo(new Result.LeaseLost());
    assertThat(bench().backoff(late, Duration.ZERO)).isEqualTo(new Result.LeaseLost());
    assertThat(bench().busy(late, Duration.ZERO)).isEqualTo(new Result.LeaseLost());
    assertThat(bench().release(late)).isEqualTo(new Result.LeaseLost());
    assertThat(bench().suspend(late, MINUTE)).isEqualTo(new Result.LeaseLost());
    assertThat(bench().commit(new Command.Append(late.token(), List.of(), StoreBench.USAGE)))
        .isEqualTo(new Result.LeaseLost());
    assertThat(bench().job(late)).isEqualTo(before);
  }

  @Test
  default void without_a_callback_in_time_the_attempt_fails_and_another_follows() {
    Grant grant = bench().running(retriedAtOnce("w"));
    bench().advance(Duration.ofSeconds(2));
    Instant suspended = bench().now();
    bench().suspend(grant, MINUTE, "state", OnTimeout.FAIL);
    bench().advance(MINUTE);

    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(1, null));

    JobError error =
        JobError.of(ErrorCode.CALLBACK_TIMEOUT, "no callback came within 60000 ms", true, 1);
    Job waiting = bench().job(grant);
    assertThat(waiting.phase()).isEqualTo(Phase.WAITING);
    assertThat(waiting.waitReason()).isEqualTo(WaitReason.BACKOFF);
    assertThat(waiting.fence()).isEqualTo(4);
    assertThat(waiting.error()).isNull();
    Attempt attempt = attempt(grant);
    assertThat(attempt.state()).isEqualTo(Attempt.State.TIMED_OUT);
    assertThat(attempt.error()).isEqualTo(error);
    assertThat(attempt.finishedAt()).isEqualTo(suspended);
    assertThat(attempt.waitReason()).isEqualTo(WaitReason.BACKOFF);
    assertThat(attempt.nextAttemptAt()).isEqualTo(bench().now());
    Instant now = bench().now();
    assertThat(bench().events(waiting.id()))
        .endsWith(
            new JobEvent.AttemptFailed(3_999_999, now, error, now),
            new JobEvent.Status(4_000_000, now, JobStatus.QUEUED, WaitReason.BACKOFF, 1));
    bench().later(Duration.ZERO);
    Grant next = bench().claimOne("w");
    assertThat(next.attempt()).isEqualTo(2);
    assertThat(next.resume()).isNull();
  }

  @Test
  default void without_a_callback_in_time_the_last_attempt_ends_the_job() {
    Grant grant = bench().running(retriedAtOnce("w").maxAttempts(1));
    bench().suspend(grant, MINUTE);

    bench().later(MINUTE);

    Job ended = bench().job(grant);
    JobError error =
        JobError.of(ErrorCode.CALLBACK_TIMEOUT, "no callback came within 60000 ms", true, 1);
    assertThat(ended.phase()).isEqualTo(Phase.TIMED_OUT);
    assertThat(ended.error()).isEqualTo(error);
    assertThat(ended.waitReason()).isNull();
    assertThat(attempt(grant).state()).isEqualTo(Attempt.State.TIMED_OUT);
    assertThat(attempt(grant).nextAttemptAt()).isNull();
    assertThat(bench().counts("w")).isEqualTo(new WorkerCounts(0, 0, 0, 0, 0, 1, null));
    Instant now = bench().now();
    assertThat(bench().events(ended.id()))
        .endsWith(
            new JobEvent.AttemptFailed(3_999_999, now, error, null),
            new JobEvent.Done(4_000_000, now, JobStatus.TIMED_OUT, null, error));
  }

  @Test
  default void the_wait_after_a_callback_timeout_is_that_of_the_pinned_version() {
    Grant pinned = bench().running(retriedAtOnce("w"));
    Duration day = Duration.ofDays(1);
    define(WorkerSpec.named("w").retry(new RetryPolicy(day, 1, day, true)).build());
    Grant unknown = bench().running(job("w").workerVersion(99));
    bench().suspend(pinned, MINUTE);
    bench().suspend(unknown, MINUTE);

    bench().advance(MINUTE);
    bench().store().rescue(9);

    assertThat(bench().job(pinned).times().nextAttemptAt()).isEqualTo(bench().now());
    assertThat(bench().job(unknown).times().nextAttemptAt())
        .isBetween(bench().now(), bench().now().plus(RetryPolicy.DEFAULT.bound(1)));
  }

  @Test
  default void the_deadline_ends_a_suspended_job_if_it_comes_first_or_as_early() {
    for (Duration deadline : List.of(MINUTE, MINUTE.minusMillis(1))) {
      Grant grant = bench().running(job("w").deadline(deadline));
      bench().suspend(grant, MINUTE, null, OnTimeout.RESUME);
      assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(0, bench().now().plus(deadline)));

      bench().later(MINUTE);

      JobError error =
          JobError.of(ErrorCode.DEADLINE, "the job was not done by its deadline", false, 1);
      Job ended = bench().job(grant);
      assertThat(ended.phase()).isEqualTo(Phase.TIMED_OUT);
      assertThat(ended.error()).isEqualTo(error);
      assertThat(ended.fence()).isEqualTo(4);
      assertThat(attempt(grant).state()).isEqualTo(Attempt.State.TIMED_OUT);
      assertThat(attempt(grant).error()).isEqualTo(error);
      assertThat(attempt(grant).finishedAt()).isEqualTo(bench().now().minus(MINUTE));
      assertThat(bench().events(ended.id()))
          .extracting(JobEvent::id)
          .endsWith(3_000_000L, 3_999_999L, 4_000_000L);
    }
    assertThat(bench().counts("w").deadLetters()).isZero();
  }

  @Test
  default void a_suspended_job_is_canceled_with_its_attempt() {
    Grant grant = bench().runningRemotely(job("w"));
    bench().advance(Duration.ofSeconds(2));
    bench().suspend(grant, MINUTE);
    bench().advance(Duration.ofSeconds(5));

    Job canceled = ((Result.Canceled) bench().cancel(grant.token().job())).job();

    assertThat(canceled.cancel())
        .isEqualTo(new CancelReceipt(bench().now(), Phase.SUSPENDED, null));
    assertThat(canceled.fence()).isEqualTo(4);
    assertThat(canceled.waitReason()).isNull();
    Attempt attempt = attempt(grant);
    assertThat(attempt.state()).isEqualTo(Attempt.State.CANCELED);
    assertThat(attempt.error()).isNull();
    assertThat(attempt.finishedAt()).isEqualTo(bench().now().minusSeconds(5));
    assertThat(bench().events(canceled.id()))
        .extracting(JobEvent::id)
        .containsExactly(1_000_000L, 2_000_000L, 3_000_000L, 4_000_000L);
    bench().commit(new Command.RunnerStopped(grant.token()));
    assertThat(Objects.requireNonNull(bench().job(grant).cancel()).runnerStoppedAt()).isNull();
    assertThat(bench().receive(bench().callback(grant), "late"))
        .isEqualTo(new Result.Received(Effect.IGNORED));
    bench().later(MINUTE);
    assertThat(bench().job(grant)).isEqualTo(canceled);
  }

  @Test
  default void queue_timeout_does_not_touch_an_attempt_that_was_suspended() {
    Grant grant = bench().running(job("w").queueTimeout(Duration.ofSeconds(30)));
    bench().suspend(grant, MINUTE, null, OnTimeout.RESUME);
    bench().later(MINUTE);
    assertThat(bench().job(grant).phase()).isEqualTo(Phase.READY);

    bench().later(MINUTE);
    bench().busy(bench().claimOne("w"), MINUTE);
    bench().later(MINUTE);

    assertThat(bench().claimOne("w").attempt()).isEqualTo(1);
  }

  @Test
  default void a_suspended_job_lives_through_a_restart() {
    Grant grant = bench().running(job("w"));
    bench().suspend(grant, MINUTE, "state", OnTimeout.RESUME);
    Job before = bench().job(grant);
    bench().advance(MINUTE.minusMillis(1));

    bench().restart();
    bench().later(Duration.ZERO);

    assertThat(bench().job(grant)).isEqualTo(before);
    bench().later(Duration.ofMillis(1));
    assertThat(Objects.requireNonNull(bench().claimOne("w").resume()).state())
        .isEqualTo(Payload.utf8("state"));
  }

  @Test
  default void a_suspended_job_counts_neither_as_queued_nor_as_running() {
    define(WorkerSpec.named("w").concurrency(1).build());
    Grant grant = bench().runningRemotely(job("w").queueLimit(1));
    bench().suspend(grant, MINUTE);

    JobId second = bench().accepted(job("w").queueLimit(1)).id();

    assertThat(bench().claimRemote("w", 9))
        .extracting(next -> next.token().job())
        .containsExactly(second);
  }

  @Test
  default void usage_of_all_grants_of_an_attempt_adds_up() {
    Grant first = bench().running(job("w"));
    bench()
        .commit(
            new Command.Suspend(
                first.token(),
                new Suspension(MINUTE, null, OnTimeout.RESUME, new Usage(1L, null, 5L))));
    bench().later(MINUTE);
    Grant second = bench().claimOne("w");
    bench().commit(new Command.Append(second.token(), List.of(), StoreBench.USAGE));

    assertThat(bench().job(first).usage()).isEqualTo(new Usage(11L, 5L, 3_005L));
    assertThat(attempt(first).usage()).isEqualTo(new Usage(1L, null, 5L));
  }

  private Attempt attempt(Grant grant) {
    return bench().attempts(grant.token().job()).stream()
        .filter(one -> one.fence() == grant.token().fence())
        .findFirst()
        .orElseThrow();
  }

  /** A job of a worker whose attempts follow each other without a wait. */
  private Jobs retriedAtOnce(String worker) {
    define(
        WorkerSpec.named(worker)
            .retry(new RetryPolicy(Duration.ZERO, 1, Duration.ZERO, true))
            .build());
    return job(worker);
  }

  private void define(WorkerSpec spec) {
    bench().commit(new Command.Define(spec, "config"));
  }
}
