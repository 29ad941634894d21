package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.Finished;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.worker.Retention;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store promises of outcomes. */
public interface SettleContract extends OnBench {

  @Test
  default void success_is_recorded_once() {
    Grant grant = bench().running(job("w").input("in"));
    bench().advance(Duration.ofSeconds(2));

    Result result = bench().complete(grant, "out");

    assertThat(result)
        .isEqualTo(new Result.Settled(ended(Phase.SUCCEEDED, Duration.ofSeconds(2)), false));
    Job done = bench().job(grant);
    assertThat(done.phase()).isEqualTo(Phase.SUCCEEDED);
    assertThat(done.output()).isEqualTo(Payload.utf8("out"));
    assertThat(done.input()).isEqualTo(Payload.utf8("in"));
    assertThat(done.error()).isNull();
    assertThat(done.fence()).isEqualTo(3);
    assertThat(done.times().finishedAt()).isEqualTo(bench().now());
    assertThat(done.times().attemptStartedAt()).isNull();
    assertThat(bench().complete(grant, "again")).isEqualTo(new Result.LeaseLost());
    assertThat(bench().fail(grant, ErrorCode.WORKER_ERROR, true)).isEqualTo(new Result.LeaseLost());
    assertThat(bench().job(grant)).isEqualTo(done);
  }

  @Test
  default void two_outcomes_in_one_commit_record_the_first() {
    Grant grant = bench().running(job("w"));

    List<Result> results =
        bench()
            .store()
            .commit(
                List.of(
                    new Command.Settle(
                        grant.token(), new Outcome.Succeeded(Payload.utf8("1"), Usage.NONE)),
                    new Command.Settle(
                        grant.token(), new Outcome.Succeeded(Payload.utf8("2"), Usage.NONE))));

    assertThat(results.get(0)).isInstanceOf(Result.Settled.class);
    assertThat(results.get(1)).isEqualTo(new Result.LeaseLost());
    assertThat(bench().job(grant).output()).isEqualTo(Payload.utf8("1"));
  }

  @Test
  default void a_token_with_a_wrong_secret_or_fence_or_job_is_lost() {
    Grant grant = bench().running(job("w"));
    LeaseToken right = grant.token();
    Job before = bench().job(grant);

    for (LeaseToken wrong :
        List.of(
            new LeaseToken(right.job(), right.fence(), right.secretHigh(), ~right.secretLow()),
            new LeaseToken(right.job(), right.fence(), ~right.secretHigh(), right.secretLow()),
            new LeaseToken(right.job(), right.fence() + 1, right.secretHigh(), right.secretLow()),
            new LeaseToken(right.job(), right.fence() - 1, right.secretHigh(), right.secretLow()),
            new LeaseToken(
                Jobs.idAt(bench().now()), right.fence(), right.secretHigh(), right.secretLow()))) {
      Outcome outcome = new Outcome.Succeeded(Payload.utf8("x"), StoreBench.USAGE);
      assertThat(bench().commit(new Command.Settle(wrong, outcome)))
          .isEqualTo(new Result.LeaseLost());
      assertThat(bench().park(wrong, new Command.Parking.Release()))
          .isEqualTo(new Result.LeaseLost());
      assertThat(bench().commit(new Command.Append(wrong, List.of(), StoreBench.USAGE)))
          .isEqualTo(new Result.LeaseLost());
      bench().commit(new Command.RunnerStopped(wrong));
    }
    assertThat(bench().job(grant)).isEqualTo(before);
    assertThat(bench().complete(grant, "1")).isInstanceOf(Result.Settled.class);
  }

  @Test
  default void outputs_of_every_size_come_back() {
    for (int size : List.of(0, 1_024, 1_025, 200_000)) {
      Grant grant = bench().running(job("w"));
      bench().complete(grant, "y".repeat(size));
      assertThat(bench().job(grant).output()).isEqualTo(Payload.utf8("y".repeat(size)));
    }
  }

  @Test
  default void failures_keep_the_whole_error() {
    Grant grant = bench().running(job("w"));
    Payload upstream = Payload.utf8("{\"status\":400}");
    JobError error = new JobError(ErrorCode.UPSTREAM_REJECTED, "no", false, 1, upstream);

    Result result =
        bench().commit(new Command.Settle(grant.token(), new Outcome.Failed(error, Usage.NONE)));

    assertThat(result).isEqualTo(new Result.Settled(ended(Phase.FAILED, Duration.ZERO), true));
    assertThat(bench().job(grant).error()).isEqualTo(error);
    Attempt attempt = bench().attempts(grant.token().job()).getFirst();
    assertThat(attempt.state()).isEqualTo(Attempt.State.FAILED);
    assertThat(attempt.error()).isEqualTo(error);
  }

  @Test
  default void dead_letters_are_kept_of_failures_for_good_only() {
    for (ErrorCode code : List.of(ErrorCode.WORKER_ERROR, ErrorCode.RUN_TIMEOUT)) {
      assertThat(bench().fail(bench().running(job("w")), code, true))
          .extracting("deadLetter")
          .isEqualTo(true);
    }
    assertThat(bench().fail(bench().running(job("w")), ErrorCode.DEADLINE, true))
        .isEqualTo(new Result.Settled(ended(Phase.TIMED_OUT, Duration.ZERO), false));
    bench().complete(bench().running(job("w")), "1");
    bench().cancel(bench().accepted(job("w")).id());

    assertThat(bench().counts("w").deadLetters()).isEqualTo(2);
  }

  @Test
  default void retention_and_dead_letters_follow_the_current_definition() {
    Retention retention =
        new Retention(Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3));
    WorkerSpec spec = WorkerSpec.named("w").deadLetters(false).retention(retention).build();
    assertThat(bench().commit(new Command.Define(WorkerSpec.of("w"), "config")))
        .isEqualTo(new Result.Defined(1, true));
    assertThat(bench().commit(new Command.Define(spec, "api")))
        .isEqualTo(new Result.Defined(2, false));
    bench().restart();
    assertThat(bench().commit(new Command.Define(spec, "config")))
        .isEqualTo(new Result.Defined(2, false));

    Grant good = bench().running(job("w"));
    bench().complete(good, "1");
    Grant bad = bench().running(job("w"));
    Result failed = bench().fail(bad, ErrorCode.WORKER_ERROR, false);
    Job canceled = bench().accepted(job("w"));
    bench().cancel(canceled.id());

    assertThat(bench().job(good).times().expiresAt()).isEqualTo(bench().now().plusSeconds(3_600));
    assertThat(bench().job(bad).times().expiresAt()).isEqualTo(bench().now().plusSeconds(7_200));
    assertThat(bench().job(canceled.id()).times().expiresAt())
        .isEqualTo(bench().now().plusSeconds(10_800));
    assertThat(failed).isEqualTo(new Result.Settled(ended(Phase.FAILED, Duration.ZERO), false));
  }

  @Test
  default void usage_adds_up_over_attempts_and_is_kept_for_each() {
    Grant first = bench().running(job("w"));
    bench().commit(new Command.Append(first.token(), List.of(), new Usage(1L, null, null)));
    bench().commit(new Command.Append(first.token(), List.of(), new Usage(4L, 2L, null)));
    bench().commit(new Command.Append(first.token(), List.of(), null));
    bench().backoff(first, Duration.ZERO);
    bench().later(Duration.ofMillis(1));
    Grant second = bench().claimOne("w");
    bench().commit(new Command.Append(second.token(), List.of(), StoreBench.USAGE));
    bench().release(second);
    Grant third = bench().claimOne("w");
    bench()
        .commit(
            new Command.Settle(
                third.token(), new Outcome.Succeeded(Payload.EMPTY, StoreBench.USAGE)));

    assertThat(bench().attempts(first.token().job()))
        .extracting(Attempt::usage)
        .containsExactly(new Usage(4L, 2L, null), StoreBench.USAGE, StoreBench.USAGE);
    assertThat(bench().job(first).usage()).isEqualTo(new Usage(24L, 12L, 6_000L));
  }

  @Test
  default void files_of_the_outcome_are_listed_and_told_before_the_end() {
    List<FileId> files = List.of(file(1, "ann"), file(2, "ann"), file(3, "ann"));
    Grant grant = bench().running(job("w").tenant("ann"));

    Result result = bench().commit(new Command.Settle(grant.token(), made(files)));

    assertThat(result).isInstanceOf(Result.Settled.class);
    Reader reader = bench().store().reader();
    TenantId ann = new TenantId("ann");
    Job done = ((Lookup.Found) reader.job(ann, grant.token().job())).job();
    assertThat(done.files()).isEqualTo(files);
    assertThat(done.fence()).isEqualTo(3);
    List<JobEvent> events = reader.events(ann, done.id(), 0, 99).events();
    assertThat(events.subList(2, 5))
        .containsExactly(
            new JobEvent.FileMade(2_999_996, bench().now(), files.get(0)),
            new JobEvent.FileMade(2_999_997, bench().now(), files.get(1)),
            new JobEvent.FileMade(2_999_998, bench().now(), files.get(2)));
    assertThat(events.get(5)).isInstanceOf(JobEvent.Done.class);
    assertThat(events).hasSize(6);
    assertThat(reader.jobs(JobQuery.of(ann, 9)).getFirst().files()).isEqualTo(files);
  }

  @Test
  default void a_file_that_the_tenant_does_not_have_refuses_the_outcome() {
    FileId own = file(1, "default");
    FileId foreign = file(2, "bob");
    FileId none = new FileId(3, 3);
    Grant grant = bench().running(job("w"));
    Job before = bench().job(grant);

    for (FileId wrong : List.of(foreign, none)) {
      assertThat(bench().commit(new Command.Settle(grant.token(), made(List.of(own, wrong, none)))))
          .isEqualTo(new Result.NoSuchFile(wrong));
    }

    assertThat(bench().job(grant)).isEqualTo(before);
    assertThat(bench().events(before.id())).hasSize(2);
    assertThat(bench().commit(new Command.Settle(grant.token(), made(List.of(own)))))
        .isInstanceOf(Result.Settled.class);
    assertThat(bench().commit(new Command.Settle(grant.token(), made(List.of(none)))))
        .isEqualTo(new Result.LeaseLost());
  }

  @Test
  default void a_settled_job_is_told_with_its_times() {
    bench().accepted(job("w").delay(Duration.ofSeconds(5)));
    bench().later(Duration.ofSeconds(7));
    Grant first = bench().claimOne("w");
    bench().advance(Duration.ofSeconds(1));
    bench().backoff(first, Duration.ZERO);
    bench().later(Duration.ofSeconds(10));
    Grant second = bench().claimOne("w");
    bench().advance(Duration.ofSeconds(3));

    Finished told = ((Result.Settled) bench().complete(second, "1")).job();

    assertThat(told)
        .isEqualTo(
            new Finished(
                "w", Phase.SUCCEEDED, bench().now(), Duration.ofSeconds(2), Duration.ofSeconds(3)));
    assertThat(bench().store().reader().recent(9)).containsExactly(told);
  }

  private static Outcome made(List<FileId> files) {
    return new Outcome.Succeeded(Payload.utf8("1"), StoreBench.USAGE, files);
  }

  private FileId file(int number, String tenant) {
    Instant now = bench().now();
    FileId id = new FileId(number, number);
    bench()
        .commit(
            new Command.AddFile(
                new StoredFile(
                    id,
                    new TenantId(tenant),
                    "made.txt",
                    "text/plain",
                    1,
                    "a".repeat(64),
                    now,
                    now.plus(Duration.ofDays(1)))));
    return id;
  }

  /** A job of {@code w} that started when it was submitted and has just ended. */
  private Finished ended(Phase phase, Duration ran) {
    return new Finished("w", phase, bench().now(), Duration.ZERO, ran);
  }
}
