package dev.coatcheck.engine;

import static dev.coatcheck.engine.Bench.worker;
import static dev.coatcheck.engine.Lending.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Effect;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.event.Note;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.lease.Suspension.OnTimeout;
import dev.coatcheck.store.Result;
import dev.coatcheck.worker.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What runners elsewhere may say of their leases. */
@Timeout(60)
class LenderTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Usage USAGE = new Usage(1L, 2L, 3L);

  private final Lending lending = new Lending();

  @BeforeEach
  void define() throws Exception {
    lending.define(worker("w").maxAttempts(3).build());
  }

  @AfterEach
  void stop() {
    lending.close();
  }

  @Test
  void a_completed_job_has_succeeded_once() throws Exception {
    Grant grant = lending.lent("w");

    Result result =
        lending.lender.complete(grant.token(), new Outcome.Succeeded(Payload.utf8("42"), USAGE));

    assertThat(result).isInstanceOf(Result.Settled.class);
    Job job = lending.bench.done(id(grant));
    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(job.output()).isEqualTo(Payload.utf8("42"));
    assertThat(job.usage()).isEqualTo(USAGE);
    assertThat(lending.bench.engine.stats().of("w", lending.bench.engine.now()).finished())
        .isEqualTo(1);
    assertThat(lending.lender.complete(grant.token(), done("43")))
        .isEqualTo(new Result.LeaseLost());
    assertThat(lending.bench.read(id(grant)).output()).isEqualTo(Payload.utf8("42"));
    assertThat(lending.lender.standing(grant.token())).isInstanceOf(Standing.Ended.class);
  }

  @Test
  void an_outcome_with_a_file_that_is_not_there_leaves_the_lease_in_force() throws Exception {
    Grant grant = lending.lent("w");
    FileId none = new FileId(9, 9);

    assertThat(
            lending.lender.complete(
                grant.token(), new Outcome.Succeeded(Payload.EMPTY, USAGE, List.of(none))))
        .isEqualTo(new Result.NoSuchFile(none));

    assertThat(lending.lender.standing(grant.token())).isInstanceOf(Standing.Held.class);
    assertThat(lending.lender.progress(grant.token(), progress(0.5))).isTrue();
    assertThat(lending.lender.complete(grant.token(), done("1")))
        .isInstanceOf(Result.Settled.class);
    assertThat(lending.bench.read(id(grant)).progress()).isEqualTo(progress(0.5));
  }

  @Test
  void a_failed_attempt_is_followed_by_another_until_none_is_left() throws Exception {
    Grant grant = lending.lent("w");
    for (int attempt = 1; attempt < 3; attempt++) {
      assertThat(grant.attempt()).isEqualTo(attempt);
      assertThat(lending.lender.fail(grant.token(), broken(null)))
          .isInstanceOf(Result.Parked.class);
      lending.bench.until(id(grant), Phase.READY);
      grant = lending.lend(1, "w").getFirst();
    }

    Result last = lending.lender.fail(grant.token(), broken(null));

    assertThat(((Result.Settled) last).deadLetter()).isTrue();
    assertThat(lending.bench.read(id(grant)).status()).isEqualTo(JobStatus.FAILED);
    assertThat(lending.lender.fail(grant.token(), broken(null))).isEqualTo(new Result.LeaseLost());
  }

  @Test
  void a_failure_may_name_the_wait_before_the_next_attempt() throws Exception {
    Grant grant = lending.lent("w");

    Result.Parked parked = (Result.Parked) lending.lender.fail(grant.token(), broken(HOUR));

    assertThat(parked.nextAttemptAt()).isAfterOrEqualTo(grant.startedAt().plus(HOUR));
    assertThat(lending.bench.read(id(grant)).waitReason()).isEqualTo(WaitReason.BACKOFF);
  }

  @Test
  void a_failure_that_no_attempt_can_mend_ends_the_job() throws Exception {
    Grant grant = lending.lent("w");

    Result result =
        lending.lender.fail(
            grant.token(), WorkFailure.permanent(ErrorCode.UNSUPPORTED_INPUT, "a picture"));

    assertThat(result).isInstanceOf(Result.Settled.class);
    assertThat(Objects.requireNonNull(lending.bench.read(id(grant)).error()).code())
        .isEqualTo(ErrorCode.UNSUPPORTED_INPUT);
  }

  @Test
  void the_retry_policy_is_that_of_the_version_the_job_was_accepted_under() throws Exception {
    Grant grant = lending.lent("w");
    lending.define(worker("w").retry(new RetryPolicy(HOUR, 1, HOUR, true)).build());

    Result.Parked parked = (Result.Parked) lending.lender.fail(grant.token(), broken(null));

    assertThat(parked.nextAttemptAt()).isBefore(grant.startedAt().plusSeconds(60));
  }

  @Test
  void busy_and_release_count_as_no_attempt() throws Exception {
    Grant busy = lending.lent("w");
    assertThat(lending.lender.busy(busy.token(), "429", Duration.ofMillis(1)))
        .isInstanceOf(Result.Parked.class);
    lending.bench.until(id(busy), Phase.READY);
    Grant released = lending.lend(1, "w").getFirst();
    assertThat(lending.lender.release(released.token())).isEqualTo(new Result.Parked(null));
    Grant last = lending.lend(1, "w").getFirst();

    assertThat(last.attempt()).isOne();
    assertThat(last.grants()).isEqualTo(3);
    for (LeaseToken late : List.of(busy.token(), released.token())) {
      assertThat(lending.lender.complete(late, done("late"))).isEqualTo(new Result.LeaseLost());
    }
    assertThat(lending.lender.complete(last.token(), done("1"))).isInstanceOf(Result.Settled.class);
  }

  @Test
  void a_suspended_attempt_goes_on_when_its_callback_comes() throws Exception {
    Grant first = lending.lent("w");
    CallbackToken token = Objects.requireNonNull(first.callback());
    assertThat(lending.lender.suspend(first.token(), suspension("state")))
        .isEqualTo(new Result.Suspended());
    assertThat(lending.bench.read(id(first)).status()).isEqualTo(JobStatus.RUNNING);
    assertThat(lending.lender.complete(first.token(), done("late")))
        .isEqualTo(new Result.LeaseLost());
    assertThat(lending.bench.engine.receiver().progress(token, progress(0.4)))
        .isEqualTo(new Result.Received(Effect.PROGRESS));

    assertThat(lending.bench.engine.receiver().receive(token, notice("painted")))
        .isEqualTo(new Result.Received(Effect.RESUMED));

    Grant second = lending.lend(1, "w").getFirst();
    assertThat(second.attempt()).isOne();
    Resume resume = Objects.requireNonNull(second.resume());
    assertThat(resume.reason()).isEqualTo(Resume.Reason.CALLBACK);
    assertThat(resume.state()).isEqualTo(Payload.utf8("state"));
    assertThat(Objects.requireNonNull(resume.callback()).body()).isEqualTo(Payload.utf8("painted"));
    lending.lender.complete(second.token(), done("1"));
    assertThat(lending.bench.attempts(id(first)))
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.SUSPENDED, Attempt.State.SUCCEEDED);
    assertThat(lending.bench.engine.receiver().receive(token, notice("painted")))
        .isEqualTo(new Result.Received(Effect.DUPLICATE));
  }

  @Test
  void a_callback_that_came_early_lets_the_attempt_go_on_at_once() throws Exception {
    Grant first = lending.lent("w");
    lending
        .bench
        .engine
        .receiver()
        .receive(Objects.requireNonNull(first.callback()), notice("early"));

    assertThat(lending.lender.suspend(first.token(), suspension(null)))
        .isEqualTo(new Result.ResumedAtOnce());

    assertThat(lending.lend(1, "w").getFirst().resume()).isNotNull();
  }

  @Test
  void a_suspension_without_a_callback_ends_by_time() throws Exception {
    Grant first = lending.lent("w");
    lending.lender.suspend(
        first.token(), new Suspension(Duration.ofMillis(20), null, OnTimeout.RESUME, Usage.NONE));

    lending.bench.until(id(first), Phase.READY);

    Grant second = lending.lend(1, "w").getFirst();
    assertThat(second.resume()).isEqualTo(new Resume(Resume.Reason.TIMEOUT, null, null));
    lending.lender.suspend(
        second.token(), new Suspension(Duration.ofMillis(20), null, OnTimeout.FAIL, Usage.NONE));
    lending.bench.until(id(first), job -> job.phase() == Phase.READY);
    assertThat(lending.lend(1, "w").getFirst().attempt()).isEqualTo(2);
  }

  @Test
  void what_is_told_stands_in_the_history_before_the_end() throws Exception {
    Grant grant = lending.lent("w");
    assertThat(lending.lender.progress(grant.token(), progress(0.1))).isTrue();
    assertThat(lending.lender.progress(grant.token(), progress(0.9))).isTrue();
    assertThat(
            lending.lender.log(
                grant.token(),
                List.of(new Note.Logged("info", "one"), new Note.Logged("warn", "two"))))
        .isEqualTo(new Result.Appended(0));
    assertThat(lending.lender.output(grant.token(), new Note.Output(0, List.of("a", "b"))))
        .isEqualTo(new Result.Appended(2));
    assertThat(lending.lender.output(grant.token(), new Note.Output(1, List.of("b", "c"))))
        .isEqualTo(new Result.Appended(3));
    assertThat(lending.lender.output(grant.token(), new Note.Output(7, List.of("x"))))
        .isEqualTo(new Result.OutputGap(3));
    lending.lender.complete(grant.token(), done("1"));

    List<JobEvent> events = lending.bench.events(id(grant));
    assertThat(lending.bench.read(id(grant)).progress()).isEqualTo(progress(0.9));
    assertThat(events.getLast()).isInstanceOf(JobEvent.Done.class);
    assertThat(
            events.stream()
                .filter(JobEvent.Output.class::isInstance)
                .flatMap(event -> ((JobEvent.Output) event).chunks().stream()))
        .containsExactly("a", "b", "c");
    assertThat(events.stream().filter(JobEvent.Logged.class::isInstance)).hasSize(2);
    assertThat(lending.lender.progress(grant.token(), progress(1.0))).isFalse();
    assertThat(lending.lender.log(grant.token(), List.of(new Note.Logged("info", "late"))))
        .isEqualTo(new Result.LeaseLost());
  }

  @Test
  void usage_is_taken_for_a_while_after_the_end() throws Exception {
    Grant grant = lending.lent("w");
    assertThat(lending.lender.usage(grant.token(), USAGE)).isEqualTo(new Result.UsageKept(false));
    lending.lender.complete(grant.token(), done("1"));

    assertThat(lending.lender.usage(grant.token(), new Usage(9L, null, null)))
        .isEqualTo(new Result.UsageKept(true));

    Attempt attempt = lending.bench.attempts(id(grant)).getFirst();
    assertThat(attempt.late()).isTrue();
    assertThat(attempt.usage()).isEqualTo(new Usage(9L, 2L, 3L));
    assertThat(lending.bench.read(id(grant)).usage()).isEqualTo(USAGE);
  }

  @Test
  void a_token_that_nobody_was_given_is_good_for_nothing() throws Exception {
    Grant grant = lending.lent("w");
    LeaseToken right = grant.token();
    LeaseToken wrong =
        new LeaseToken(right.job(), right.fence(), right.secretHigh(), ~right.secretLow());

    assertThat(lending.lender.standing(wrong)).isEqualTo(new Standing.Unknown());
    assertThat(lending.lender.complete(wrong, done("1"))).isEqualTo(new Result.LeaseLost());
    assertThat(lending.lender.fail(wrong, broken(null))).isEqualTo(new Result.LeaseLost());
    assertThat(lending.lender.busy(wrong, "429", HOUR)).isEqualTo(new Result.LeaseLost());
    assertThat(lending.lender.release(wrong)).isEqualTo(new Result.LeaseLost());
    assertThat(lending.lender.suspend(wrong, suspension(null))).isEqualTo(new Result.LeaseLost());
    assertThat(lending.lender.usage(wrong, USAGE)).isEqualTo(new Result.LeaseLost());
    assertThat(lending.lender.progress(wrong, progress(0.5))).isFalse();
    assertThat(lending.lender.complete(right, done("1"))).isInstanceOf(Result.Settled.class);
  }

  private static JobId id(Grant grant) {
    return grant.token().job();
  }

  private static WorkFailure broken(@Nullable Duration after) {
    return new WorkFailure(ErrorCode.WORKER_ERROR, "broken", true, after, null, Usage.NONE);
  }

  private static Suspension suspension(@Nullable String state) {
    return new Suspension(
        HOUR, state == null ? null : Payload.utf8(state), OnTimeout.FAIL, Usage.NONE);
  }

  private static Notice notice(String body) {
    return new Notice("text/plain", Payload.utf8(body), null, Payload.utf8("digest " + body));
  }

  private static Progress progress(double fraction) {
    return new Progress(fraction, "painting", null);
  }
}
