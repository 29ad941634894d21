package dev.coatcheck.engine;

import static dev.coatcheck.engine.Bench.job;
import static dev.coatcheck.engine.Bench.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.Submitted;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.store.Reader.Lookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {

  private static final Payload ANSWER = Payload.utf8("42");

  private final Bench bench = new Bench();

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void a_job_runs_and_its_result_is_kept() throws Exception {
    bench.serve("w", (context, input) -> new Reply.Completed(ANSWER, new Usage(1L, 2L, 3L)));
    Job job = bench.done(bench.submit(job("w")));
    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(job.output()).isEqualTo(ANSWER);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.usage()).isEqualTo(new Usage(1L, 2L, 3L));
    bench.engine.stop(Bench.LONG);
    assertThat(bench.engine.stats().of("w", bench.engine.now()).finished()).isEqualTo(1);
  }

  @Test
  void a_free_slot_and_an_empty_queue_start_a_job_with_its_submission() throws Exception {
    bench.serve("w", (context, input) -> Reply.completed(ANSWER));
    Job job = bench.created(job("w"));
    assertThat(job.phase()).isEqualTo(Phase.RUNNING);
    assertThat(job.fence()).isEqualTo(2);
    bench.done(job.id());
  }

  @Test
  void a_failed_attempt_is_followed_by_another() throws Exception {
    bench.serve(
        "w",
        (context, input) -> {
          if (context.attempt() < 3) {
            throw WorkFailure.retryable(ErrorCode.UPSTREAM_ERROR, "no " + context.attempt());
          }
          return Reply.completed(ANSWER);
        });
    JobId id = bench.submit(job("w"));
    assertThat(bench.done(id).attempt()).isEqualTo(3);
    assertThat(bench.attempts(id))
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.FAILED, Attempt.State.FAILED, Attempt.State.SUCCEEDED);
    assertThat(bench.events(id).stream().filter(e -> e instanceof JobEvent.AttemptFailed))
        .hasSize(2);
  }

  @Test
  void after_the_last_attempt_the_job_is_a_dead_letter() throws Exception {
    bench.engine.serve(
        worker("w").maxAttempts(2).build(),
        (context, input) -> {
          throw new IllegalStateException("broken");
        });
    Job job = bench.done(bench.submit(job("w")));
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    JobError error = Objects.requireNonNull(job.error());
    assertThat(error.code()).isEqualTo(ErrorCode.WORKER_ERROR);
    assertThat(error.attempt()).isEqualTo(2);
    assertThat(bench.engine.reader().counts("w").deadLetters()).isEqualTo(1);
  }

  @Test
  void a_failure_that_no_attempt_can_mend_ends_the_job_at_once() throws Exception {
    bench.serve(
        "w",
        (context, input) -> {
          throw WorkFailure.permanent(ErrorCode.UNSUPPORTED_INPUT, "a picture");
        });
    Job job = bench.done(bench.submit(job("w")));
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(Objects.requireNonNull(job.error()).code()).isEqualTo(ErrorCode.UNSUPPORTED_INPUT);
  }

  @Test
  void busy_counts_as_no_attempt() throws Exception {
    bench.engine.serve(
        worker("w").maxAttempts(1).build(),
        (context, input) ->
            context.grants() <= 3
                ? new Reply.Busy(Duration.ofMillis(1), "429")
                : Reply.completed(ANSWER));
    JobId id = bench.submit(job("w"));
    Job job = bench.done(id);
    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(bench.attempts(id)).hasSize(4);
  }

  @Test
  void an_attempt_past_its_time_is_stopped_and_its_late_result_is_discarded() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    bench.engine.serve(
        worker("w").maxAttempts(1).runTimeout(Duration.ofMillis(50)).build(),
        (context, input) -> {
          try {
            context.sleep(Duration.ofMinutes(1));
          } catch (InterruptedException stopped) {
            late.await();
          }
          return Reply.completed(ANSWER);
        });
    JobId id = bench.submit(job("w"));
    Job job = bench.done(id);
    assertThat(job.status()).isEqualTo(JobStatus.TIMED_OUT);
    assertThat(Objects.requireNonNull(job.error()).code()).isEqualTo(ErrorCode.RUN_TIMEOUT);
    late.countDown();
    bench.engine.stop(Bench.LONG);
    assertThat(job.output()).isNull();
  }

  @Test
  void a_run_timeout_is_retried_while_attempts_remain() throws Exception {
    bench.engine.serve(
        worker("w").runTimeout(Duration.ofMillis(30)).build(),
        (context, input) -> {
          if (context.attempt() == 1) {
            context.sleep(Duration.ofMinutes(1));
          }
          return Reply.completed(ANSWER);
        });
    JobId id = bench.submit(job("w"));
    assertThat(bench.done(id).attempt()).isEqualTo(2);
    assertThat(bench.attempts(id).getFirst().state()).isEqualTo(Attempt.State.TIMED_OUT);
  }

  @Test
  void the_deadline_ends_a_running_job_whatever_attempts_remain() throws Exception {
    bench.engine.serve(
        worker("w").deadline(Duration.ofMillis(60)).build(),
        (context, input) -> {
          context.sleep(Duration.ofMinutes(1));
          return Reply.completed(ANSWER);
        });
    Job job = bench.done(bench.submit(job("w")));
    assertThat(job.status()).isEqualTo(JobStatus.TIMED_OUT);
    assertThat(Objects.requireNonNull(job.error()).code()).isEqualTo(ErrorCode.DEADLINE);
    assertThat(job.attempt()).isEqualTo(1);
  }

  @Test
  void a_job_that_does_not_start_in_time_times_out_in_the_queue() throws Exception {
    CountDownLatch block = new CountDownLatch(1);
    bench.engine.serve(
        worker("w").concurrency(1).queueTimeout(Duration.ofMillis(50)).build(),
        (context, input) -> {
          block.await();
          return Reply.completed(ANSWER);
        });
    JobId first = bench.submit(job("w"));
    Job second = bench.done(bench.submit(job("w")));
    block.countDown();
    assertThat(Objects.requireNonNull(second.error()).code()).isEqualTo(ErrorCode.QUEUE_TIMEOUT);
    assertThat(second.attempt()).isZero();
    assertThat(bench.done(first).status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void a_canceled_scheduled_job_never_runs() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    bench.serve(
        "w",
        (context, input) -> {
          runs.incrementAndGet();
          return Reply.completed(ANSWER);
        });
    JobId canceled = bench.submit(Submissions.delayed("w", Duration.ofMillis(100)));
    bench.engine.cancel(TenantId.DEFAULT, canceled);
    JobId after = bench.submit(Submissions.delayed("w", Duration.ofMillis(200)));
    bench.done(after);
    assertThat(bench.read(canceled).status()).isEqualTo(JobStatus.CANCELED);
    assertThat(runs.get()).isEqualTo(1);
  }

  @Test
  void canceling_a_running_job_stops_its_handler_and_nothing_of_it_appears() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    bench.serve(
        "w",
        (context, input) -> {
          started.countDown();
          try {
            context.sleep(Duration.ofMinutes(1));
          } catch (InterruptedException canceled) {
            stopped.countDown();
          }
          return Reply.completed(ANSWER);
        });
    JobId id = bench.submit(job("w"));
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    bench.engine.cancel(TenantId.DEFAULT, id);
    assertThat(bench.read(id).status()).isEqualTo(JobStatus.CANCELED);
    assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
    bench.engine.stop(Bench.LONG);
    Job job = ((Lookup.Found) bench.store.restart().reader().job(TenantId.DEFAULT, id)).job();
    assertThat(job.output()).isNull();
    assertThat(Objects.requireNonNull(job.cancel()).runnerStoppedAt()).isNotNull();
  }

  @Test
  void higher_priority_goes_first_and_equals_in_order() throws Exception {
    List<String> order = new ArrayList<>();
    CountDownLatch block = new CountDownLatch(1);
    bench.engine.serve(
        worker("w").concurrency(1).build(),
        (context, input) -> {
          block.await();
          synchronized (order) {
            order.add(input.text());
          }
          return Reply.completed(ANSWER);
        });
    List<JobId> ids = new ArrayList<>();
    ids.add(bench.submit(Submissions.prioritized("w", "first", 0)));
    for (String name : List.of("a", "b", "c")) {
      ids.add(bench.submit(Submissions.prioritized("w", name, 0)));
    }
    ids.add(bench.submit(Submissions.prioritized("w", "urgent", 5)));
    block.countDown();
    for (JobId id : ids) {
      bench.done(id);
    }
    assertThat(order).containsExactly("first", "urgent", "a", "b", "c");
  }

  @Test
  void a_worker_never_runs_more_at_once_than_it_may() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    bench.engine.serve(
        worker("w").concurrency(7).build(),
        (context, input) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          context.sleep(Duration.ofMillis(2));
          now.decrementAndGet();
          return Reply.completed(ANSWER);
        });
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ids.add(bench.submit(job("w")));
    }
    for (JobId id : ids) {
      assertThat(bench.done(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    }
    assertThat(most.get()).isEqualTo(7);
  }

  @Test
  void an_output_over_the_limit_fails_the_job() throws Exception {
    bench.serve("w", (context, input) -> Reply.completed(Payload.utf8("x".repeat(1_001))));
    Job job = bench.done(bench.submit(job("w")));
    assertThat(Objects.requireNonNull(job.error()).code()).isEqualTo(ErrorCode.OUTPUT_TOO_LARGE);
    assertThat(job.attempt()).isEqualTo(1);
  }

  @Test
  void progress_is_thinned_and_the_last_word_is_kept() throws Exception {
    bench.serve(
        "w",
        (context, input) -> {
          for (int i = 1; i <= 1_000; i++) {
            context.progress(i / 1_000.0, "counting", null);
          }
          return Reply.completed(ANSWER);
        });
    JobId id = bench.submit(job("w"));
    Job job = bench.done(id);
    assertThat(Objects.requireNonNull(job.progress()).fraction()).isEqualTo(1.0);
    long seconds =
        Objects.requireNonNull(job.times().finishedAt()).toEpochMilli() / 1000
            - Objects.requireNonNull(job.times().startedAt()).toEpochMilli() / 1000;
    assertThat(bench.events(id).stream().filter(e -> e instanceof JobEvent.Progressed).count())
        .isBetween(2L, 12 + 10 * seconds);
  }

  @Test
  void logs_and_output_keep_their_order() throws Exception {
    bench.serve(
        "w",
        (context, input) -> {
          for (int i = 0; i < 50; i++) {
            context.output("chunk " + i);
            context.log("info", "line " + i);
          }
          return Reply.completed(ANSWER);
        });
    JobId id = bench.submit(job("w"));
    bench.done(id);
    List<String> chunks = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    for (JobEvent event : bench.events(id)) {
      ids.add(event.id());
      if (event instanceof JobEvent.Output output) {
        assertThat(output.offset()).isEqualTo(chunks.size());
        chunks.addAll(output.chunks());
      }
    }
    assertThat(chunks).hasSize(50).startsWith("chunk 0").endsWith("chunk 49");
    assertThat(ids).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void an_end_that_the_store_refuses_is_recorded_when_it_takes_it_again() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    bench.serve(
        "w",
        (context, input) -> {
          runs.incrementAndGet();
          go.await();
          return Reply.completed(ANSWER);
        });
    JobId id = bench.submit(job("w"));
    bench.store.refuseChanges(true);
    go.countDown();
    assertThat(bench.engine.await(TenantId.DEFAULT, id, Duration.ofMillis(300)))
        .extracting(lookup -> ((Lookup.Found) lookup).job().status())
        .isEqualTo(JobStatus.RUNNING);
    bench.store.refuseChanges(false);
    assertThat(bench.done(id).output()).isEqualTo(ANSWER);
    assertThat(runs.get()).isEqualTo(1);
  }

  @Test
  void a_worker_that_nobody_knows_is_refused() throws Exception {
    assertThat(bench.engine.submit(job("nobody"))).isInstanceOf(Submitted.NoSuchWorker.class);
  }
}
