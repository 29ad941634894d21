package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.Note;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.worker.Retention;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store promises of retention. */
public interface PruneContract extends OnBench {

  Duration HOUR = Duration.ofHours(1);

  @Test
  default void a_finished_job_goes_with_all_its_traces_when_its_time_is_over() {
    keepForAnHour("w");
    Grant grant = bench().running(job("w").metadata("user", "ann").input("x".repeat(5_000)));
    JobId id = grant.token().job();
    Note log = new Note.Logged("info", "hello");
    bench().commit(new Command.Append(grant.token(), List.of(log), null));
    bench().fail(grant, ErrorCode.WORKER_ERROR, false);
    bench().check(bench().store().prune(9), 0, bench().now().plus(HOUR));
    bench().advance(HOUR);

    Sweep sweep = bench().store().prune(9);

    bench().check(sweep, 1, bench().now().plus(Duration.ofDays(30)));
    assertThat(bench().look(id)).isEqualTo(new Lookup.Gone());
    assertThat(bench().store().reader().job(new TenantId("bob"), id))
        .isEqualTo(new Lookup.Unknown());
    assertThat(bench().attempts(id)).isEmpty();
    assertThat(bench().events(id)).isEmpty();
    assertThat(bench().store().reader().jobs(JobQuery.of(StoreBench.TENANT, 9))).isEmpty();
    assertThat(bench().store().reader().recent(9)).isEmpty();
    assertThat(bench().counts("w").deadLetters()).isZero();
    assertThat(bench().cancel(id)).isEqualTo(new Result.NoSuchJob());
  }

  @Test
  default void open_jobs_and_younger_ones_stay() {
    keepForAnHour("w");
    JobId open = bench().accepted(job("w")).id();
    JobId old = bench().accepted(job("w")).id();
    bench().cancel(old);
    bench().advance(Duration.ofMinutes(30));
    JobId young = bench().accepted(job("w")).id();
    bench().cancel(young);
    bench().advance(Duration.ofMinutes(30));

    bench().check(bench().store().prune(9), 1, bench().now().plus(Duration.ofMinutes(30)));
    assertThat(bench().look(old)).isInstanceOf(Lookup.Gone.class);
    assertThat(bench().look(young)).isInstanceOf(Lookup.Found.class);
    assertThat(bench().look(open)).isInstanceOf(Lookup.Found.class);
  }

  @Test
  default void a_prune_that_was_cut_short_took_the_oldest_and_is_due_at_once() {
    keepForAnHour("w");
    JobId first = bench().accepted(job("w")).id();
    bench().cancel(first);
    bench().advance(Duration.ofSeconds(1));
    Grant second = bench().running(job("w"));
    bench().complete(second, "1");
    bench().advance(HOUR);

    bench().check(bench().store().prune(1), 1, bench().now());
    assertThat(bench().look(first)).isInstanceOf(Lookup.Gone.class);
    assertThat(bench().look(second.token().job())).isInstanceOf(Lookup.Found.class);
  }

  @Test
  default void an_idempotency_key_outlives_a_short_lived_job_until_it_is_a_day_old() {
    keepForAnHour("w");
    JobId id = bench().accepted(job("w").idempotency(Jobs.key("k", "f"))).id();
    bench().cancel(id);
    bench().advance(HOUR);
    bench().check(bench().store().prune(9), 1, bench().now().plus(Duration.ofHours(23)));

    assertThat(bench().submit(job("w").idempotency(Jobs.key("k", "f"))))
        .isEqualTo(new Result.Replayed(id));
    bench().advance(Duration.ofHours(23));
    bench().store().prune(9);
    assertThat(bench().submit(job("w").idempotency(Jobs.key("k", "f"))))
        .isInstanceOf(Result.Accepted.class);
  }

  @Test
  default void ids_are_remembered_for_a_month_and_very_old_ones_are_gone_for_everyone() {
    keepForAnHour("w");
    JobId id = bench().accepted(job("w")).id();
    bench().cancel(id);
    bench().advance(HOUR);
    bench().store().prune(9);
    bench().advance(Duration.ofDays(30));
    bench().check(bench().store().prune(9), 0, null);

    assertThat(bench().look(id)).isEqualTo(new Lookup.Unknown());
    JobId ancient = Jobs.idAt(bench().now().minus(Duration.ofDays(401)));
    assertThat(bench().look(ancient)).isEqualTo(new Lookup.Gone());
    assertThat(bench().store().reader().job(new TenantId("bob"), ancient))
        .isEqualTo(new Lookup.Gone());
  }

  private void keepForAnHour(String worker) {
    Retention hour = new Retention(HOUR, HOUR, HOUR);
    bench().commit(new Command.Define(WorkerSpec.named(worker).retention(hour).build(), "config"));
  }
}
