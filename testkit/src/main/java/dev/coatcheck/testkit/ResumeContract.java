package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.callback.Callback;
import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Effect;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.Resume.Reason;
import dev.coatcheck.lease.Suspension.OnTimeout;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a store promises of the grants that go on with something. */
public interface ResumeContract extends OnBench {

  Duration HOUR = Duration.ofHours(1);

  @Test
  default void a_callback_makes_the_job_ready_and_its_attempt_goes_on() {
    Grant first = bench().runningRemotely(job("w"));
    bench().suspend(first, HOUR, "state", OnTimeout.FAIL);
    bench().advance(Duration.ofSeconds(5));

    Result result = bench().receive(bench().callback(first), "answer");

    Instant came = bench().now();
    assertThat(result).isEqualTo(new Result.Received(Effect.RESUMED));
    Job ready = bench().job(first);
    assertThat(ready.phase()).isEqualTo(Phase.READY);
    assertThat(ready.waitReason()).isNull();
    assertThat(ready.fence()).isEqualTo(4);
    assertThat(bench().events(ready.id()).getLast())
        .isEqualTo(new JobEvent.Status(4_000_000, came, JobStatus.QUEUED, null, 1));
    assertThat(bench().counts("w").oldestReadyAt()).isEqualTo(came);
    bench().advance(Duration.ofSeconds(1));
    Grant second = bench().claimRemote("w", 1).getFirst();
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.grants()).isEqualTo(2);
    assertThat(second.token().fence()).isEqualTo(5);
    assertThat(second.resume())
        .isEqualTo(
            new Resume(
                Reason.CALLBACK,
                Payload.utf8("state"),
                new Callback(came, "text/plain", Payload.utf8("answer"))));
    bench().complete(second, "1");
    assertThat(bench().attempts(ready.id()))
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.SUSPENDED, Attempt.State.SUCCEEDED);
  }

  @Test
  default void a_callback_that_came_early_resumes_at_once() {
    Grant first = bench().running(job("w"));
    assertThat(bench().receive(bench().callback(first), "early"))
        .isEqualTo(new Result.Received(Effect.STORED));
    assertThat(bench().job(first).phase()).isEqualTo(Phase.RUNNING);
    bench().advance(Duration.ofSeconds(1));

    Result result = bench().suspend(first, HOUR, "state", OnTimeout.FAIL);

    assertThat(result).isEqualTo(new Result.ResumedAtOnce());
    Job ready = bench().job(first);
    assertThat(ready.phase()).isEqualTo(Phase.READY);
    assertThat(ready.fence()).isEqualTo(3);
    assertThat(bench().events(ready.id()).getLast())
        .isEqualTo(new JobEvent.Status(3_000_000, bench().now(), JobStatus.QUEUED, null, 1));
    Attempt attempt = bench().attempts(ready.id()).getFirst();
    assertThat(attempt.state()).isEqualTo(Attempt.State.SUSPENDED);
    assertThat(attempt.nextAttemptAt()).isNull();
    Grant second = bench().claimOne("w");
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.resume()).isEqualTo(resumed("state", "early", bench().now().minusSeconds(1)));
  }

  @Test
  default void after_a_timeout_the_attempt_may_go_on_without_a_callback() {
    Grant first = bench().running(job("w"));
    CallbackToken token = bench().callback(first);
    bench().suspend(first, HOUR, "state", OnTimeout.RESUME);
    bench().later(HOUR);
    Job ready = bench().job(first);
    assertThat(ready.phase()).isEqualTo(Phase.READY);
    assertThat(ready.fence()).isEqualTo(4);
    assertThat(bench().events(ready.id()).getLast())
        .isEqualTo(new JobEvent.Status(4_000_000, bench().now(), JobStatus.QUEUED, null, 1));
    assertThat(bench().attempts(ready.id()).getFirst().state()).isEqualTo(Attempt.State.SUSPENDED);

    assertThat(bench().receive(token, "late")).isEqualTo(new Result.Received(Effect.STORED));
    Instant came = bench().now();
    Grant second = bench().claimOne("w");

    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.resume()).isEqualTo(new Resume(Reason.TIMEOUT, Payload.utf8("state"), null));
    assertThat(bench().suspend(second, HOUR, "more", OnTimeout.FAIL))
        .isEqualTo(new Result.ResumedAtOnce());
    assertThat(bench().claimOne("w").resume()).isEqualTo(resumed("more", "late", came));
  }

  @Test
  default void what_was_left_comes_back_in_every_size() {
    for (String state : List.of("", "x".repeat(65_536))) {
      Grant first = bench().runningRemotely(job("w"));
      bench().suspend(first, HOUR, state, OnTimeout.FAIL);
      bench().receive(bench().callback(first), "y".repeat(300_000));

      Resume resume = resumeOf(bench().claimOne("w"));

      assertThat(resume.state()).isEqualTo(Payload.utf8(state));
      assertThat(Objects.requireNonNull(resume.callback()).body().size()).isEqualTo(300_000);
    }
  }

  @Test
  default void nothing_left_is_told_as_nothing() {
    Grant first = bench().runningRemotely(job("w"));
    bench().suspend(first, HOUR);
    bench().receive(bench().callback(first), "");

    assertThat(bench().claimOne("w").resume()).isEqualTo(resumed(null, "", bench().now()));
  }

  @Test
  default void it_is_given_again_when_a_grant_ends_without_an_answer() {
    Grant first = bench().runningRemotely(job("w"));
    bench().suspend(first, HOUR, "state", OnTimeout.FAIL);
    bench().receive(bench().callback(first), "answer");
    Resume given = resumed("state", "answer", bench().now());

    Grant busy = bench().claimOne("w");
    assertThat(busy.resume()).isEqualTo(given);
    bench().busy(busy, Duration.ZERO);
    bench().later(Duration.ZERO);
    Grant released = bench().claimOne("w");
    assertThat(released.resume()).isEqualTo(given);
    bench().release(released);
    Grant lost = bench().claimRemote("w", 1).getFirst();
    assertThat(lost.resume()).isEqualTo(given);
    bench().later(StoreBench.LEASE);
    Grant last = bench().claimOne("w");

    assertThat(last.resume()).isEqualTo(given);
    assertThat(last.attempt()).isEqualTo(2);
    assertThat(bench().complete(last, "1")).isInstanceOf(Result.Settled.class);
  }

  @Test
  default void after_a_timeout_it_is_given_again_too() {
    Grant first = bench().runningRemotely(job("w"));
    bench().suspend(first, HOUR, "state", OnTimeout.RESUME);
    bench().later(HOUR);
    Resume given = new Resume(Reason.TIMEOUT, Payload.utf8("state"), null);

    Grant released = bench().claimOne("w");
    assertThat(released.resume()).isEqualTo(given);
    bench().release(released);
    assertThat(bench().claimOne("w").resume()).isEqualTo(given);
  }

  @Test
  default void a_failed_attempt_has_spent_it() {
    Consumer<Grant> failure = grant -> bench().backoff(grant, Duration.ZERO);
    Consumer<Grant> runTimeout = grant -> bench().later(HOUR);
    for (Consumer<Grant> end : List.of(failure, runTimeout)) {
      Grant first = bench().runningRemotely(job("w").runTimeout(Duration.ofSeconds(20)));
      CallbackToken token = bench().callback(first);
      bench().suspend(first, HOUR, "state", OnTimeout.FAIL);
      bench().receive(token, "answer");

      end.accept(bench().claimRemote("w", 1).getFirst());
      bench().later(HOUR);

      Grant next = bench().claimOne("w");
      assertThat(next.attempt()).isEqualTo(2);
      assertThat(next.resume()).isNull();
      assertThat(bench().receive(token, "answer")).isEqualTo(new Result.Received(Effect.DUPLICATE));
      bench().complete(next, "1");
    }
  }

  @Test
  default void a_failed_attempt_leaves_nothing_to_the_next_one() {
    Grant first = bench().runningRemotely(job("w"));
    bench().suspend(first, HOUR, "state", OnTimeout.RESUME);
    bench().later(HOUR);
    Grant second = bench().claimRemote("w", 1).getFirst();
    assertThat(resumeOf(second).reason()).isEqualTo(Reason.TIMEOUT);
    bench().backoff(second, Duration.ZERO);
    bench().later(Duration.ZERO);

    Grant third = bench().claimOne("w");
    assertThat(third.resume()).isNull();
    bench().receive(bench().callback(second), "late");
    bench().release(third);
    assertThat(bench().claimOne("w").resume()).isEqualTo(resumed(null, "late", bench().now()));
  }

  @Test
  default void an_attempt_that_fails_spends_no_callback_that_it_was_not_given() {
    Grant first = bench().running(job("w"));
    bench().receive(bench().callback(first), "paid for");
    Instant came = bench().now();

    bench().backoff(first, Duration.ZERO);
    bench().later(Duration.ZERO);

    Grant second = bench().claimOne("w");
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.resume()).isEqualTo(resumed(null, "paid for", came));
  }

  @Test
  default void a_further_suspension_replaces_what_went_before() {
    Grant first = bench().runningRemotely(job("w"));
    bench().suspend(first, HOUR, "one", OnTimeout.FAIL);
    bench().receive(bench().callback(first), "first");
    Grant second = bench().claimRemote("w", 1).getFirst();

    assertThat(bench().suspend(second, HOUR, "two", OnTimeout.FAIL))
        .isEqualTo(new Result.Suspended());
    assertThat(bench().receive(bench().callback(first), "again"))
        .isEqualTo(new Result.Received(Effect.IGNORED));
    assertThat(bench().phase(first.token().job())).isEqualTo(Phase.SUSPENDED);
    bench().receive(bench().callback(second), "second");

    assertThat(bench().claimOne("w").resume()).isEqualTo(resumed("two", "second", bench().now()));
  }

  @Test
  default void the_callback_of_a_lost_attempt_reaches_the_next_one() {
    Grant lost = bench().runningRemotely(job("w"));
    bench().later(StoreBench.LEASE);
    assertThat(bench().job(lost).phase()).isEqualTo(Phase.READY);

    assertThat(bench().receive(bench().callback(lost), "bought"))
        .isEqualTo(new Result.Received(Effect.STORED));

    Grant next = bench().claimOne("w");
    assertThat(next.attempt()).isEqualTo(2);
    assertThat(next.resume()).isEqualTo(resumed(null, "bought", bench().now()));
  }

  @Test
  default void of_several_callbacks_the_oldest_goes_first() {
    Grant first = bench().runningRemotely(job("w"));
    bench().release(first);
    Grant second = bench().claimRemote("w", 1).getFirst();
    bench().release(second);
    Grant third = bench().claimRemote("w", 1).getFirst();
    Instant start = bench().now();
    bench().receive(bench().callback(third), "c");
    bench().advance(Duration.ofMillis(1));
    bench().receive(bench().callback(second), "b");
    bench().receive(bench().callback(first), "a");

    List<Resume> given = new ArrayList<>();
    Grant grant = third;
    for (int i = 0; i < 3; i++) {
      assertThat(bench().suspend(grant, HOUR)).isEqualTo(new Result.ResumedAtOnce());
      grant = bench().claimOne("w");
      given.add(resumeOf(grant));
    }

    assertThat(given)
        .containsExactly(
            resumed(null, "c", start),
            resumed(null, "a", start.plusMillis(1)),
            resumed(null, "b", start.plusMillis(1)));
    assertThat(bench().suspend(grant, HOUR)).isEqualTo(new Result.Suspended());
  }

  private static Resume resumeOf(Grant grant) {
    return Objects.requireNonNull(grant.resume());
  }

  private static Resume resumed(@Nullable String state, String body, Instant at) {
    return new Resume(
        Reason.CALLBACK,
        state == null ? null : Payload.utf8(state),
        new Callback(at, "text/plain", Payload.utf8(body)));
  }
}
