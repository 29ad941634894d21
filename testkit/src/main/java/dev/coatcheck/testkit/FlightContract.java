package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.CancelReceipt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Reader.Progressed;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a store promises of jobs that share one run. */
public interface FlightContract extends OnBench {

  private static Jobs shared() {
    return job("w").reuse(Jobs.shared("work"));
  }

  private Grant run() {
    return bench().claimOne("w");
  }

  private void land() {
    bench().store().stage(1_000);
  }

  private List<JobId> listed(JobStatus status) {
    JobQuery query =
        new JobQuery(StoreBench.TENANT, "w", status, null, null, null, null, 50, false);
    return bench().store().reader().jobs(query).stream().map(Job::id).toList();
  }

  @Test
  default void jobs_of_the_same_work_share_one_run() {
    Job first = bench().accepted(shared());
    Job second = bench().accepted(shared().input("2"));

    assertThat(first.phase()).isEqualTo(Phase.FOLLOWING);
    assertThat(first.status()).isEqualTo(JobStatus.QUEUED);
    assertThat(first.waitReason()).isEqualTo(WaitReason.COALESCED);
    assertThat(first.coalescedWith()).isNull();
    assertThat(first.times().nextAttemptAt()).isNull();
    assertThat(second.coalescedWith()).isEqualTo(first.id());
    assertThat(bench().counts("w").ready()).isEqualTo(1);
    assertThat(bench().counts("w").following()).isEqualTo(2);

    Grant run = run();
    assertThat(run.tenant()).isEqualTo(StoreBench.TENANT);
    assertThat(bench().claim("w", 9)).isEmpty();
    bench().complete(run, "42");
    land();

    for (Job job : List.of(first, second)) {
      Job done = bench().job(job.id());
      assertThat(done.phase()).isEqualTo(Phase.SUCCEEDED);
      assertThat(done.output()).isEqualTo(Payload.utf8("42"));
      assertThat(done.input()).isEqualTo(job.input());
      assertThat(done.attempt()).isEqualTo(1);
    }
    assertThat(bench().counts("w").open()).isZero();
    assertThat(bench().accepted(shared()).phase()).isEqualTo(Phase.FOLLOWING);
    assertThat(bench().counts("w").ready()).isEqualTo(1);
  }

  @Test
  default void a_job_looks_like_its_run_which_nobody_sees() {
    Job first = bench().accepted(shared());
    bench().advance(Duration.ofSeconds(5));
    Grant run = run();
    bench().advance(Duration.ofSeconds(5));
    Job late = bench().accepted(shared());

    Job running = bench().job(first.id());
    assertThat(running.phase()).isEqualTo(Phase.RUNNING);
    assertThat(running.waitReason()).isNull();
    assertThat(running.attempt()).isEqualTo(1);
    assertThat(running.times().startedAt()).isEqualTo(run.startedAt());
    assertThat(late.phase()).isEqualTo(Phase.RUNNING);
    assertThat(late.times().startedAt()).isEqualTo(late.createdAt());
    assertThat(bench().attempts(late.id()))
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.RUNNING);

    assertThat(bench().look(run.token().job())).isInstanceOf(Lookup.Unknown.class);
    assertThat(bench().store().reader().jobs(JobQuery.of(StoreBench.TENANT, 9)))
        .extracting(Job::id)
        .containsExactly(late.id(), first.id());
    assertThat(listed(JobStatus.RUNNING)).containsExactly(late.id(), first.id());
    assertThat(listed(JobStatus.QUEUED)).isEmpty();
    assertThat(bench().cancel(run.token().job())).isInstanceOf(Result.NoSuchJob.class);

    bench().backoff(run, Duration.ofMinutes(1));
    Job waiting = bench().job(first.id());
    assertThat(waiting.phase()).isEqualTo(Phase.WAITING);
    assertThat(waiting.waitReason()).isEqualTo(WaitReason.BACKOFF);
    assertThat(waiting.times().nextAttemptAt())
        .isEqualTo(bench().now().plus(Duration.ofMinutes(1)));
    assertThat(listed(JobStatus.QUEUED)).containsExactly(late.id(), first.id());
  }

  @Test
  default void what_a_run_tells_is_told_of_all_who_share_it() {
    JobId first = bench().accepted(shared()).id();
    Grant run = run();
    JobId second = bench().accepted(shared()).id();
    bench()
        .commit(
            new Command.Append(
                run.token(),
                List.of(
                    new Note.Progressed(new Progress(0.5, "half", null)),
                    new Note.Output(0, List.of("a", "b"))),
                new Usage(3L, null, null)));

    List<JobEvent> events = bench().events(second);
    assertThat(events).hasSize(4).isEqualTo(bench().events(first));
    assertThat(bench().job(second).progress()).isEqualTo(new Progress(0.5, "half", null));
    assertThat(bench().job(second).usage()).isEqualTo(Usage.NONE);
    Progressed come = bench().store().reader().progressed(Set.of(second)).getFirst();
    assertThat(come.phase()).isEqualTo(Phase.RUNNING);
    assertThat(come.event()).isEqualTo(events.getLast().id());

    bench().complete(run, "1");
    assertThat(bench().events(second)).hasSize(4);
    assertThat(bench().job(second).status()).isEqualTo(JobStatus.RUNNING);
    Progressed pending = bench().store().reader().progressed(Set.of(second)).getFirst();
    assertThat(pending.phase()).isEqualTo(Phase.RUNNING);
    land();
    Progressed over = bench().store().reader().progressed(Set.of(second)).getFirst();
    assertThat(over.event()).isGreaterThan(pending.event());
    List<JobEvent> all = bench().events(second);
    assertThat(all).hasSize(5).startsWith(events.toArray(JobEvent[]::new));
    assertThat(((JobEvent.Done) all.getLast()).output()).isEqualTo(Payload.utf8("1"));
    assertThat(all.getLast().id()).isEqualTo(EventId.ofStatus(bench().job(second).fence()));
  }

  @Test
  default void who_cancels_leaves_the_run_and_the_last_one_ends_it() {
    List<JobId> jobs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      jobs.add(bench().accepted(shared()).id());
    }
    Grant run = run();

    for (JobId id : jobs.subList(0, 4)) {
      Job canceled = ((Result.Canceled) bench().cancel(id)).job();
      assertThat(canceled.phase()).isEqualTo(Phase.CANCELED);
      assertThat(canceled.times().startedAt()).isNotNull();
      assertThat(Objects.requireNonNull(canceled.cancel()).was()).isEqualTo(Phase.RUNNING);
      assertThat(bench().events(id).getLast()).isInstanceOf(JobEvent.Done.class);
    }
    assertThat(bench().counts("w").running()).isEqualTo(1);
    bench()
        .commit(
            new Command.Append(
                run.token(), List.of(new Note.Logged("info", "still here")), Usage.NONE));
    assertThat(bench().events(jobs.getFirst())).hasSize(2);

    bench().cancel(jobs.getLast());

    assertThat(bench().counts("w").open()).isZero();
    assertThat(bench().complete(run, "1")).isInstanceOf(Result.LeaseLost.class);
    land();
    for (JobId id : jobs) {
      assertThat(bench().phase(id)).isEqualTo(Phase.CANCELED);
    }
    bench().accepted(shared());
    assertThat(bench().counts("w").ready()).isEqualTo(1);
  }

  @Test
  default void a_cancel_before_the_start_and_its_place_in_the_history() {
    JobId first = bench().accepted(shared()).id();
    JobId second = bench().accepted(shared()).id();

    Job canceled = ((Result.Canceled) bench().cancel(first)).job();

    CancelReceipt receipt = Objects.requireNonNull(canceled.cancel());
    assertThat(receipt.was().status()).isEqualTo(JobStatus.QUEUED);
    assertThat(canceled.times().startedAt()).isNull();
    bench().complete(run(), "1");
    land();
    assertThat(bench().phase(first)).isEqualTo(Phase.CANCELED);
    assertThat(bench().job(second).output()).isEqualTo(Payload.utf8("1"));
    assertThat(bench().job(second).coalescedWith()).isEqualTo(first);
  }

  @Test
  default void after_a_cancel_nothing_of_the_run_appears_and_ids_rise() {
    JobId first = bench().accepted(shared()).id();
    bench().accepted(shared());
    Grant run = run();
    bench()
        .commit(new Command.Append(run.token(), List.of(new Note.Logged("info", "1")), Usage.NONE));
    long seen = bench().events(first).getLast().id();

    bench().cancel(first);

    assertThat(bench().store().reader().events(StoreBench.TENANT, first, seen, 9).events())
        .singleElement()
        .isInstanceOf(JobEvent.Done.class);
  }

  @Test
  default void a_failure_is_shared_and_each_has_its_dead_letter() {
    JobId first = bench().accepted(shared()).id();
    JobId second = bench().accepted(shared()).id();
    bench().fail(run(), ErrorCode.UPSTREAM_REJECTED, false);
    assertThat(bench().counts("w").deadLetters()).isZero();
    land();

    for (JobId id : List.of(first, second)) {
      Job failed = bench().job(id);
      assertThat(failed.phase()).isEqualTo(Phase.FAILED);
      assertThat(Objects.requireNonNull(failed.error()).code())
          .isEqualTo(ErrorCode.UPSTREAM_REJECTED);
    }
    assertThat(bench().counts("w").deadLetters()).isEqualTo(2);
  }

  @Test
  default void what_a_run_used_is_counted_with_the_oldest_who_is_open() {
    JobId first = bench().accepted(shared()).id();
    JobId second = bench().accepted(shared()).id();
    JobId third = bench().accepted(shared()).id();
    Grant run = run();
    bench().cancel(first);
    bench()
        .commit(
            new Command.Settle(
                run.token(), new Outcome.Succeeded(Payload.utf8("1"), StoreBench.USAGE)));
    land();

    assertThat(bench().job(second).usage()).isEqualTo(StoreBench.USAGE);
    assertThat(bench().job(third).usage()).isEqualTo(Usage.NONE);
  }

  @Test
  default void each_has_clocks_of_its_own() {
    JobId impatient = bench().accepted(shared().queueTimeout(Duration.ofSeconds(10))).id();
    JobId short1 = bench().accepted(shared().deadline(Duration.ofSeconds(30))).id();
    JobId patient = bench().accepted(shared()).id();

    bench().later(Duration.ofSeconds(10));
    assertThat(Objects.requireNonNull(bench().job(impatient).error()).code())
        .isEqualTo(ErrorCode.QUEUE_TIMEOUT);
    JobId late = bench().accepted(shared().queueTimeout(Duration.ofSeconds(5))).id();
    Grant run = run();
    bench().later(Duration.ofSeconds(10));
    assertThat(bench().job(late).status()).isEqualTo(JobStatus.RUNNING);
    bench().later(Duration.ofSeconds(10));
    Job over = bench().job(short1);
    assertThat(over.phase()).isEqualTo(Phase.TIMED_OUT);
    assertThat(Objects.requireNonNull(over.error()).code()).isEqualTo(ErrorCode.DEADLINE);

    bench().complete(run, "1");
    land();
    assertThat(bench().phase(patient)).isEqualTo(Phase.SUCCEEDED);
    assertThat(bench().phase(late)).isEqualTo(Phase.SUCCEEDED);
    assertThat(bench().phase(impatient)).isEqualTo(Phase.TIMED_OUT);
  }

  @Test
  default void a_run_ends_when_the_last_who_shared_it_has_run_out_of_time() {
    JobId only = bench().accepted(shared().deadline(Duration.ofSeconds(10))).id();
    Grant run = run();

    bench().later(Duration.ofSeconds(10));

    assertThat(bench().phase(only)).isEqualTo(Phase.TIMED_OUT);
    assertThat(bench().complete(run, "1")).isInstanceOf(Result.LeaseLost.class);
    assertThat(bench().counts("w").open()).isZero();
  }

  @Test
  default void a_run_is_as_urgent_as_the_most_urgent_who_shares_it() {
    bench().accepted(shared().priority(-5));
    bench().accepted(job("w").input("\"other\""));
    bench().accepted(shared().priority(5));

    assertThat(run().priority()).isEqualTo(5);
    assertThat(run().priority()).isZero();
  }

  @Test
  default void other_work_and_other_tenants_have_runs_of_their_own() {
    bench().accepted(shared());
    bench().accepted(job("w").reuse(Jobs.shared("other")));
    bench().accepted(shared().tenant("ann"));

    List<Grant> runs = bench().claim("w", 9);
    assertThat(runs).hasSize(3);
    assertThat(runs).extracting(Grant::tenant).contains(new TenantId("ann"));
  }

  @Test
  default void many_are_told_in_slices_across_a_restart_each_once() {
    List<JobId> jobs = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      jobs.add(bench().accepted(shared()).id());
    }
    String large = '"' + "x".repeat(5_000) + '"';
    bench().complete(run(), large);

    assertThat(bench().store().stage(10).moved()).isEqualTo(10);
    bench().restart();
    assertThat(bench().counts("w").following()).isEqualTo(15);
    while (bench().counts("w").following() > 0) {
      bench().store().stage(10);
    }

    for (JobId id : jobs) {
      assertThat(bench().job(id).output()).isEqualTo(Payload.utf8(large));
      assertThat(bench().events(id)).hasSize(3);
    }
    assertThat(bench().store().reader().recent(99)).hasSize(1);
  }

  @Test
  default void a_lost_run_goes_on_for_all() {
    JobId first = bench().accepted(shared()).id();
    JobId second = bench().accepted(shared()).id();
    run();
    bench().restart();
    bench().store().rescue(100);

    Grant again = run();
    assertThat(again.attempt()).isEqualTo(2);
    bench().complete(again, "1");
    land();

    assertThat(bench().phase(first)).isEqualTo(Phase.SUCCEEDED);
    assertThat(bench().attempts(second))
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.LOST, Attempt.State.SUCCEEDED);
  }

  @Test
  default void the_success_of_a_run_may_be_kept() {
    Reuse both = new Reuse(Payload.utf8("work"), true, Duration.ofHours(1), true);
    bench().accepted(job("w").reuse(both));
    bench().complete(run(), "1");

    Job answered = bench().accepted(job("w").reuse(both));

    assertThat(answered.cached()).isTrue();
    assertThat(answered.output()).isEqualTo(Payload.utf8("1"));
  }

  @Test
  default void a_full_queue_counts_those_who_share_a_run() {
    bench().accepted(shared().queueLimit(3));
    bench().accepted(shared().queueLimit(3));

    assertThat(bench().submit(shared().queueLimit(3))).isEqualTo(new Result.QueueFull(3));
  }

  @Test
  default void history_is_told_as_long_as_a_job_is_kept() {
    JobId job = bench().accepted(shared()).id();
    bench().complete(run(), "1");
    land();

    bench().advance(Duration.ofDays(7).minusSeconds(1));
    bench().store().prune(100);
    assertThat(bench().events(job)).hasSize(3);

    bench().advance(Duration.ofHours(2));
    bench().store().prune(100);
    assertThat(bench().look(job)).isInstanceOf(Lookup.Gone.class);
  }
}
