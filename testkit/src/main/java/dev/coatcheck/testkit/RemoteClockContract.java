package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.Suspension.OnTimeout;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a store promises of the clocks of attempts that run elsewhere. */
public interface RemoteClockContract extends OnBench {

  Duration TEN = Duration.ofSeconds(10);
  Duration MILLI = Duration.ofMillis(1);

  @Test
  default void a_grant_tells_its_clocks() {
    Grant remote = bench().runningRemotely(job("w").runTimeout(TEN));
    Grant local = bench().running(job("w").runTimeout(TEN));

    assertThat(remote.runTimeout()).isEqualTo(TEN);
    assertThat(remote.leaseUntil()).isEqualTo(bench().now().plus(StoreBench.LEASE));
    assertThat(local.runTimeout()).isEqualTo(TEN);
    assertThat(local.leaseUntil()).isNull();
    assertThat(remote.grants()).isOne();
  }

  @Test
  default void an_attempt_that_runs_too_long_is_ended_and_another_follows() {
    Grant grant = bench().runningRemotely(retried("w", true).runTimeout(TEN));
    bench().advance(TEN.minus(MILLI));
    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(0, bench().now().plus(MILLI)));
    bench().advance(MILLI);

    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(1, null));

    JobError error =
        JobError.of(ErrorCode.RUN_TIMEOUT, "the attempt ran longer than 10000 ms", true, 1);
    Job waiting = bench().job(grant);
    assertThat(waiting.phase()).isEqualTo(Phase.WAITING);
    assertThat(waiting.waitReason()).isEqualTo(WaitReason.BACKOFF);
    assertThat(waiting.fence()).isEqualTo(3);
    Attempt attempt = bench().attempts(waiting.id()).getFirst();
    assertThat(attempt.state()).isEqualTo(Attempt.State.TIMED_OUT);
    assertThat(attempt.error()).isEqualTo(error);
    assertThat(attempt.finishedAt()).isEqualTo(bench().now());
    assertThat(attempt.waitReason()).isEqualTo(WaitReason.BACKOFF);
    assertThat(attempt.nextAttemptAt()).isEqualTo(bench().now());
    Instant now = bench().now();
    assertThat(bench().events(waiting.id()))
        .endsWith(
            new JobEvent.AttemptFailed(2_999_999, now, error, now),
            new JobEvent.Status(3_000_000, now, JobStatus.QUEUED, WaitReason.BACKOFF, 1));
    assertThat(bench().complete(grant, "late")).isEqualTo(new Result.LeaseLost());
    assertThat(bench().job(grant)).isEqualTo(waiting);
    bench().later(Duration.ZERO);
    Grant next = bench().claimOne("w");
    assertThat(next.attempt()).isEqualTo(2);
    assertThat(next.runTimeout()).isEqualTo(TEN);
  }

  @Test
  default void the_pinned_version_says_whether_a_run_timeout_is_retried() {
    Grant once = bench().runningRemotely(retried("w", false).runTimeout(TEN));
    retried("w", true);
    Grant again = bench().runningRemotely(job("w").workerVersion(2).runTimeout(TEN));
    Grant unknown = bench().runningRemotely(job("w").workerVersion(77).runTimeout(TEN));
    Grant last = bench().runningRemotely(job("w").workerVersion(2).runTimeout(TEN).maxAttempts(1));

    bench().later(TEN);

    JobError error =
        JobError.of(ErrorCode.RUN_TIMEOUT, "the attempt ran longer than 10000 ms", false, 1);
    assertThat(bench().job(once).phase()).isEqualTo(Phase.TIMED_OUT);
    assertThat(bench().job(once).error()).isEqualTo(error);
    assertThat(bench().attempts(once.token().job()).getFirst().error()).isEqualTo(error);
    assertThat(bench().job(again).phase()).isEqualTo(Phase.WAITING);
    assertThat(bench().job(unknown).phase()).isEqualTo(Phase.WAITING);
    assertThat(bench().job(unknown).times().nextAttemptAt())
        .isBetween(bench().now(), bench().now().plus(RetryPolicy.DEFAULT.bound(1)));
    assertThat(bench().job(last).phase()).isEqualTo(Phase.TIMED_OUT);
    assertThat(Objects.requireNonNull(bench().job(last).error()).retryable()).isTrue();
    assertThat(bench().counts("w").deadLetters()).isEqualTo(2);
  }

  @Test
  default void the_deadline_ends_the_job_while_it_runs_elsewhere() {
    Grant grant = bench().runningRemotely(job("w").deadline(TEN));
    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(0, bench().now().plus(TEN)));

    bench().later(TEN);

    JobError error =
        JobError.of(ErrorCode.DEADLINE, "the job was not done by its deadline", false, 1);
    Job ended = bench().job(grant);
    assertThat(ended.phase()).isEqualTo(Phase.TIMED_OUT);
    assertThat(ended.error()).isEqualTo(error);
    assertThat(bench().attempts(ended.id()).getFirst().state()).isEqualTo(Attempt.State.TIMED_OUT);
    assertThat(bench().attempts(ended.id()).getFirst().error()).isEqualTo(error);
    Instant now = bench().now();
    assertThat(bench().events(ended.id()))
        .endsWith(
            new JobEvent.AttemptFailed(2_999_999, now, error, null),
            new JobEvent.Done(3_000_000, now, JobStatus.TIMED_OUT, null, error));
    assertThat(bench().counts("w").deadLetters()).isZero();
  }

  @Test
  default void the_clock_that_ran_out_first_decides_however_late_it_is_seen() {
    Duration lease = StoreBench.LEASE;
    assertThat(end(lease.minus(MILLI), lease)).isEqualTo(ErrorCode.RUN_TIMEOUT);
    assertThat(end(lease, lease.minus(MILLI))).isEqualTo(ErrorCode.DEADLINE);
    assertThat(end(lease.plus(MILLI), lease.plus(MILLI))).isEqualTo(ErrorCode.RUNNER_LOST);
    assertThat(end(lease, lease)).isEqualTo(ErrorCode.DEADLINE);
    assertThat(end(lease, lease.plus(MILLI))).isEqualTo(ErrorCode.RUN_TIMEOUT);
  }

  private ErrorCode end(Duration runTimeout, Duration deadline) {
    Grant grant =
        bench().runningRemotely(job("w").runTimeout(runTimeout).deadline(deadline).maxAttempts(1));
    bench().advance(Duration.ofHours(1));
    bench().store().rescue(9);
    return Objects.requireNonNull(bench().job(grant).error()).code();
  }

  @Test
  default void a_renewed_lease_does_not_move_the_other_clocks() {
    Grant grant = bench().runningRemotely(retried("w", true).runTimeout(TEN));
    bench().advance(TEN.minus(MILLI));
    Instant until = bench().now().plus(StoreBench.LEASE);

    assertThat(bench().store().renew(StoreBench.REMOTE, List.of(grant.token()), StoreBench.LEASE))
        .containsExactly(new Renewal(grant.token(), until));
    bench().advance(MILLI);
    bench().store().rescue(9);

    assertThat(bench().job(grant).phase()).isEqualTo(Phase.WAITING);
    assertThat(bench().store().renew(StoreBench.REMOTE, List.of(grant.token()), StoreBench.LEASE))
        .containsExactly(new Renewal(grant.token(), null));
  }

  @Test
  default void the_clocks_of_an_attempt_here_are_left_to_its_process() {
    Grant grant = bench().running(job("w").runTimeout(TEN).deadline(TEN.multipliedBy(2)));

    bench().later(Duration.ofHours(1));

    assertThat(bench().job(grant).phase()).isEqualTo(Phase.RUNNING);
    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(0, null));
  }

  @Test
  default void only_executing_time_of_the_attempt_counts() {
    Grant first = bench().runningRemotely(retried("w", true).runTimeout(TEN));
    bench().advance(Duration.ofSeconds(3));
    bench().suspend(first, Duration.ofHours(1), null, OnTimeout.RESUME);
    bench().later(Duration.ofHours(1));
    Grant second = bench().claimRemote("w", 1).getFirst();
    assertThat(second.runTimeout()).isEqualTo(Duration.ofSeconds(7));
    bench().advance(Duration.ofSeconds(2));
    bench().release(second);
    Grant third = bench().claimRemote("w", 1).getFirst();
    assertThat(third.runTimeout()).isEqualTo(Duration.ofSeconds(7));
    bench().advance(Duration.ofSeconds(4));
    bench().suspend(third, Duration.ofHours(1), null, OnTimeout.RESUME);
    bench().later(Duration.ofHours(1));
    Grant fourth = bench().claimRemote("w", 1).getFirst();
    assertThat(fourth.runTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(fourth.attempt()).isOne();

    bench().later(Duration.ofSeconds(3));

    assertThat(bench().attempts(first.token().job()).getLast().error())
        .isEqualTo(
            JobError.of(ErrorCode.RUN_TIMEOUT, "the attempt ran longer than 10000 ms", true, 1));
    bench().later(Duration.ZERO);
    Grant next = bench().claimOne("w");
    assertThat(next.attempt()).isEqualTo(2);
    assertThat(next.runTimeout()).isEqualTo(TEN);
  }

  @Test
  default void an_attempt_that_used_its_time_up_has_a_millisecond_left() {
    Grant first = bench().runningRemotely(job("w").runTimeout(TEN));
    bench().advance(TEN.plusSeconds(1));
    bench().suspend(first, Duration.ofHours(1), null, OnTimeout.RESUME);
    bench().later(Duration.ofHours(1));

    assertThat(bench().claimRemote("w", 1).getFirst().runTimeout()).isEqualTo(MILLI);
    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(0, bench().now().plus(MILLI)));
  }

  @Test
  default void losses_are_counted_for_a_day() {
    bench().commit(new Command.Define(WorkerSpec.named("w").maxLost(2).build(), "config"));
    assertThat(lostAgainAfter(Store.LOST_WITHIN)).isEqualTo(Phase.FAILED);
    assertThat(lostAgainAfter(Store.LOST_WITHIN.plus(MILLI))).isEqualTo(Phase.READY);
  }

  /** Where a job stands that is lost a second time this long after the first. */
  private Phase lostAgainAfter(Duration pause) {
    Grant grant = bench().runningRemotely(job("w"));
    bench().later(StoreBench.LEASE);
    bench().advance(pause.minus(StoreBench.LEASE));
    bench().claimRemote("w", 1);
    bench().later(StoreBench.LEASE);
    return bench().job(grant).phase();
  }

  @Test
  default void the_current_version_says_how_many_losses_are_too_many() {
    bench().commit(new Command.Define(WorkerSpec.named("w").maxLost(1).build(), "config"));
    Grant grant = bench().runningRemotely(job("w"));
    bench().commit(new Command.Define(WorkerSpec.named("w").maxLost(2).build(), "config"));

    bench().later(StoreBench.LEASE);

    assertThat(bench().job(grant).phase()).isEqualTo(Phase.READY);
  }

  @Test
  default void the_most_overdue_are_looked_after_first() {
    Grant later = bench().runningRemotely(retried("w", true).runTimeout(TEN));
    Grant sooner = bench().runningRemotely(job("w").runTimeout(TEN.minus(MILLI)));
    Grant suspended = bench().runningRemotely(job("w"));
    bench().suspend(suspended, TEN.minus(MILLI));
    bench().advance(TEN);

    assertThat(bench().store().rescue(1)).isEqualTo(new Sweep(1, bench().now()));
    assertThat(bench().job(sooner).phase()).isEqualTo(Phase.WAITING);
    assertThat(bench().store().rescue(1)).isEqualTo(new Sweep(1, bench().now()));
    assertThat(bench().job(suspended).phase()).isEqualTo(Phase.WAITING);
    assertThat(bench().job(later).phase()).isEqualTo(Phase.RUNNING);
    assertThat(bench().store().rescue(9)).isEqualTo(new Sweep(1, null));
  }

  /** A job of a worker whose attempts follow each other without a wait. */
  private Jobs retried(String worker, boolean onTimeout) {
    RetryPolicy atOnce = new RetryPolicy(Duration.ZERO, 1, Duration.ZERO, onTimeout);
    bench().commit(new Command.Define(WorkerSpec.named(worker).retry(atOnce).build(), "config"));
    return job(worker);
  }
}
