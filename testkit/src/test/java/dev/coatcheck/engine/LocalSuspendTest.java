package dev.coatcheck.engine;

import static dev.coatcheck.engine.Bench.job;
import static dev.coatcheck.engine.Bench.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.callback.Callback;
import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Effect;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.lease.Suspension.OnTimeout;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers of this process that let their job go until a callback comes. */
@Timeout(60)
class LocalSuspendTest {

  private final Bench bench = new Bench();
  private final CompletableFuture<CallbackToken> handedOut = new CompletableFuture<>();

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void a_handler_suspends_and_is_called_again_with_the_callback() throws Exception {
    bench.serve("w", suspending(Duration.ofHours(1), OnTimeout.FAIL));
    JobId id = bench.submit(job("w"));
    CallbackToken token = handedOut.get(20, TimeUnit.SECONDS);
    Job waiting = bench.until(id, Phase.SUSPENDED);
    assertThat(waiting.status()).isEqualTo(JobStatus.RUNNING);

    assertThat(receive(token, "painted")).isEqualTo(new Result.Received(Effect.RESUMED));

    Job done = bench.done(id);
    assertThat(done.output()).isEqualTo(Payload.utf8("CALLBACK state painted"));
    assertThat(done.attempt()).isOne();
    assertThat(bench.attempts(id))
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.SUSPENDED, Attempt.State.SUCCEEDED);
  }

  @Test
  void a_callback_before_the_suspension_is_not_lost() throws Exception {
    Handler suspending = suspending(Duration.ofHours(1), OnTimeout.FAIL);
    bench.serve(
        "w",
        (context, input) -> {
          Reply reply = suspending.handle(context, input);
          if (reply instanceof Reply.Suspended) {
            assertThat(receive(context.callback(), "early"))
                .isEqualTo(new Result.Received(Effect.STORED));
          }
          return reply;
        });

    Job done = bench.done(bench.submit(job("w")));

    assertThat(done.output()).isEqualTo(Payload.utf8("CALLBACK state early"));
    assertThat(done.attempt()).isOne();
  }

  @Test
  void without_a_callback_a_handler_may_go_on() throws Exception {
    bench.serve("w", suspending(Duration.ofMillis(20), OnTimeout.RESUME));

    Job done = bench.done(bench.submit(job("w")));

    assertThat(done.output()).isEqualTo(Payload.utf8("TIMEOUT state nothing"));
    assertThat(done.attempt()).isOne();
  }

  @Test
  void without_a_callback_the_last_attempt_times_out() throws Exception {
    bench.engine.serve(
        worker("w").maxAttempts(1).build(), suspending(Duration.ofMillis(20), OnTimeout.FAIL));

    Job ended = bench.done(bench.submit(job("w")));

    assertThat(ended.status()).isEqualTo(JobStatus.TIMED_OUT);
    assertThat(Objects.requireNonNull(ended.error()).code()).isEqualTo(ErrorCode.CALLBACK_TIMEOUT);
    assertThat(bench.engine.reader().counts("w").deadLetters()).isOne();
  }

  @Test
  void the_token_is_the_same_at_each_call_within_a_grant() throws Exception {
    bench.serve(
        "w",
        (context, input) ->
            Reply.completed(Payload.utf8("" + context.callback().equals(context.callback()))));

    assertThat(bench.done(bench.submit(job("w"))).output()).isEqualTo(Payload.utf8("true"));
  }

  @Test
  void what_was_reported_before_a_suspension_is_kept() throws Exception {
    Usage usage = new Usage(1L, 2L, 3L);
    Handler suspending = suspending(Duration.ofHours(1), OnTimeout.FAIL);
    bench.serve(
        "w",
        (context, input) -> {
          context.usage(new Usage(0L, 0L, 0L));
          context.usage(usage);
          context.progress(0.25, "sent", null);
          return suspending.handle(context, input);
        });
    JobId id = bench.submit(job("w"));

    Job waiting = bench.until(id, Phase.SUSPENDED);

    assertThat(waiting.usage()).isEqualTo(usage);
    assertThat(bench.attempts(id).getFirst().usage()).isEqualTo(usage);
    assertThat(Objects.requireNonNull(waiting.progress()).fraction()).isEqualTo(0.25);
  }

  @Test
  void a_suspended_job_takes_no_place_and_can_be_canceled() throws Exception {
    Handler suspending = suspending(Duration.ofHours(1), OnTimeout.FAIL);
    bench.engine.serve(worker("w").concurrency(1).build(), suspending);
    JobId first = bench.submit(job("w"));
    bench.until(first, Phase.SUSPENDED);
    JobId second = bench.submit(job("w"));
    bench.until(second, Phase.SUSPENDED);

    bench.engine.cancel(TenantId.DEFAULT, first);

    Job canceled = bench.read(first);
    assertThat(canceled.status()).isEqualTo(JobStatus.CANCELED);
    assertThat(Objects.requireNonNull(canceled.cancel()).was()).isEqualTo(Phase.SUSPENDED);
    CallbackToken token = handedOut.get(20, TimeUnit.SECONDS);
    assertThat(receive(token, "late")).isEqualTo(new Result.Received(Effect.IGNORED));
  }

  /** Hands out a token and suspends; called again it tells what it was called with. */
  private Handler suspending(Duration timeout, OnTimeout onTimeout) {
    return (context, input) -> {
      Optional<Resume> resume = context.resume();
      if (resume.isEmpty()) {
        handedOut.complete(context.callback());
        return new Reply.Suspended(
            new Suspension(timeout, Payload.utf8("state"), onTimeout, Usage.NONE));
      }
      Callback callback = resume.get().callback();
      return Reply.completed(
          Payload.utf8(
              resume.get().reason()
                  + " "
                  + Objects.requireNonNull(resume.get().state()).text()
                  + " "
                  + (callback == null ? "nothing" : callback.body().text())));
    };
  }

  private Result receive(CallbackToken token, String body) throws InterruptedException {
    return bench
        .engine
        .receiver()
        .receive(
            token,
            new Notice("text/plain", Payload.utf8(body), null, Payload.utf8("digest " + body)));
  }
}
