package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.CancelReceipt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a store promises of cancels: told "canceled" means that nothing starts or appears. */
public interface CancelContract extends OnBench {

  @Test
  default void a_queued_job_is_canceled_and_never_starts() {
    JobId ready = bench().accepted(job("w")).id();
    JobId waiting = bench().accepted(job("w").delay(Duration.ofSeconds(1))).id();

    Job first = ((Result.Canceled) bench().cancel(ready)).job();
    Job second = ((Result.Canceled) bench().cancel(waiting)).job();

    assertThat(first.phase()).isEqualTo(Phase.CANCELED);
    assertThat(first.fence()).isEqualTo(2);
    assertThat(first.cancel()).isEqualTo(new CancelReceipt(bench().now(), Phase.READY, null));
    assertThat(Objects.requireNonNull(first.error()).code()).isEqualTo(ErrorCode.CANCELED);
    assertThat(Objects.requireNonNull(second.cancel()).was()).isEqualTo(Phase.WAITING);
    bench().later(Duration.ofSeconds(2));
    assertThat(bench().claim("w", 9)).isEmpty();
    assertThat(bench().job(ready)).isEqualTo(first);
  }

  @Test
  default void a_running_job_is_canceled_and_its_holder_writes_nothing_more() {
    Grant grant = bench().running(job("w"));
    bench().commit(new Command.Append(grant.token(), List.of(), StoreBench.USAGE));

    Job canceled = ((Result.Canceled) bench().cancel(grant.token().job())).job();

    assertThat(Objects.requireNonNull(canceled.cancel()).was()).isEqualTo(Phase.RUNNING);
    assertThat(canceled.fence()).isEqualTo(3);
    assertThat(canceled.usage()).isEqualTo(StoreBench.USAGE);
    assertThat(bench().complete(grant, "late")).isEqualTo(new Result.LeaseLost());
    assertThat(bench().backoff(grant, Duration.ZERO)).isEqualTo(new Result.LeaseLost());
    assertThat(bench().commit(new Command.Append(grant.token(), List.of(), null)))
        .isEqualTo(new Result.LeaseLost());
    assertThat(bench().job(grant)).isEqualTo(canceled);
  }

  @Test
  default void canceling_a_finished_job_changes_nothing() {
    Grant grant = bench().running(job("w"));
    bench().complete(grant, "out");
    Job done = bench().job(grant);

    assertThat(bench().cancel(grant.token().job())).isEqualTo(new Result.AlreadyDone(done));
    JobId canceled = bench().accepted(job("w")).id();
    Job first = ((Result.Canceled) bench().cancel(canceled)).job();
    bench().advance(Duration.ofSeconds(1));
    assertThat(bench().cancel(canceled)).isEqualTo(new Result.AlreadyDone(first));
    assertThat(done.output()).isEqualTo(Payload.utf8("out"));
  }

  @Test
  default void a_foreign_job_cannot_be_canceled() {
    JobId id = bench().accepted(job("w")).id();

    assertThat(bench().commit(new Command.Cancel(new TenantId("bob"), id)))
        .isEqualTo(new Result.NoSuchJob());
    assertThat(bench().commit(new Command.Cancel(StoreBench.TENANT, Jobs.idAt(bench().now()))))
        .isEqualTo(new Result.NoSuchJob());
    assertThat(bench().phase(id)).isEqualTo(Phase.READY);
  }

  @Test
  default void the_runner_that_was_stopped_is_heard_once() {
    Grant first = bench().running(job("w"));
    bench().release(first);
    Grant second = bench().claimOne("w");
    bench().cancel(first.token().job());
    bench().advance(Duration.ofSeconds(1));

    bench().commit(new Command.RunnerStopped(first.token()));
    assertThat(receipt(first).runnerStoppedAt()).isNull();
    assertThat(bench().commit(new Command.RunnerStopped(second.token())))
        .isEqualTo(new Result.Noted());
    assertThat(receipt(first).runnerStoppedAt()).isEqualTo(bench().now());
    bench().advance(Duration.ofSeconds(1));
    bench().commit(new Command.RunnerStopped(second.token()));
    assertThat(receipt(first).runnerStoppedAt()).isEqualTo(bench().now().minusSeconds(1));
  }

  private CancelReceipt receipt(Grant grant) {
    return Objects.requireNonNull(bench().job(grant).cancel());
  }
}
