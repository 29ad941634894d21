package dev.coatcheck.runners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.coatcheck.client.Coatcheck;
import dev.coatcheck.client.Job;
import dev.coatcheck.client.JobEvent;
import dev.coatcheck.client.JobFailed;
import dev.coatcheck.client.OutputText;
import dev.coatcheck.client.ProblemException;
import dev.coatcheck.client.Usage;
import dev.coatcheck.client.runner.Runner;
import dev.coatcheck.client.runner.RunnerBuilder;
import dev.coatcheck.client.work.Busy;
import dev.coatcheck.client.work.Handler;
import dev.coatcheck.client.work.StopReason;
import dev.coatcheck.client.work.Suspend;
import dev.coatcheck.client.work.WorkContext;
import dev.coatcheck.client.work.WorkFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client and runner against a real server. */
@Timeout(120)
class JavaRunnerTest {

  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private static Path folder;
  private static RealServer server;
  private static Api api;
  private static Coatcheck coatcheck;

  private String worker = "";

  record Text(String text) {}

  record Count(int words) {}

  private interface Body {
    void run() throws Exception;
  }

  @BeforeAll
  static void startServer() throws Exception {
    server = RealServer.start(folder.resolve("data"), LEASE);
    api = new Api(server.url());
    coatcheck = Coatcheck.connect(server.url());
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void defineWorker(TestInfo test) throws Exception {
    worker = "w" + Integer.toUnsignedString(test.getDisplayName().hashCode(), 36);
    api.define(worker, "\"retry\":{\"base\":\"1ms\",\"max\":\"1ms\"}");
  }

  private RunnerBuilder runner(Handler<Text, Object> handler) {
    return Runner.connect(server.url())
        .handle(worker, Text.class, Object.class, handler)
        .longPoll(Duration.ofMillis(500));
  }

  /** Closes the runner in good order afterwards. */
  private static void during(RunnerBuilder builder, Body body) throws Exception {
    try (Runner runner = builder.start()) {
      body.run();
      assertThat(runner).isNotNull();
    }
  }

  @Test
  void inputs_and_outputs_are_typed_from_end_to_end() throws Exception {
    during(
        runner((context, in) -> {
          context.usage(Usage.tokens(120, 7));
          return new Count(in.text().split(" ").length);
        }),
        () -> {
          Job job =
              coatcheck.submit(worker, new Text("a b c"), with -> with.metadata("user", "ada"));
          assertThat(coatcheck.await(job, Count.class, LONG).output()).isEqualTo(new Count(3));
          Job after = coatcheck.get(job.id());
          assertThat(after.usage()).isEqualTo(Usage.tokens(120, 7));
          assertThat(after.metadata()).containsEntry("user", "ada");
        });
  }

  @Test
  void a_failure_reaches_the_caller_with_its_code() throws Exception {
    during(
        runner((context, in) -> {
          throw WorkFailure.permanent("upstream_rejected", "too long")
              .upstream(Map.of("status", 400));
        }),
        () -> {
          Job job = coatcheck.submit(worker, new Text(""));
          assertThatThrownBy(() -> coatcheck.await(job, Count.class, LONG).output())
              .isInstanceOfSatisfying(
                  JobFailed.class,
                  failed -> {
                    assertThat(failed.error().code()).isEqualTo("upstream_rejected");
                    assertThat(failed.error().attempt()).isEqualTo(1);
                  });
        });
  }

  @Test
  void a_failure_with_a_code_of_its_own_is_a_worker_error() throws Exception {
    during(
        runner((context, in) -> {
          throw WorkFailure.permanent("no_such_code", "what happened");
        }),
        () -> {
          Job job = coatcheck.submit(worker, new Text(""));
          assertThatThrownBy(() -> coatcheck.await(job, Count.class, LONG).output())
              .hasMessageContaining("worker_error", "what happened");
        });
  }

  @Test
  void an_input_against_the_schema_names_the_place() throws Exception {
    api.define(
        worker,
        "\"input_schema\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\","
            + "\"maxLength\":3}}}");
    assertThatThrownBy(() -> coatcheck.submit(worker, new Text("too long")))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.code()).isEqualTo("validation_failed");
              assertThat(problem.requestId()).startsWith("req_");
              assertThat(problem.faults())
                  .extracting(ProblemException.Fault::pointer)
                  .containsExactly("/input/text");
            });
  }

  @Test
  void a_runner_keeps_all_its_slots_busy_and_no_more() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(8);
    Map<String, Integer> runs = new ConcurrentHashMap<>();
    during(
        runner(
                (context, in) -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  all.countDown();
                  all.await();
                  Thread.sleep(50);
                  now.decrementAndGet();
                  return runs.merge(in.text(), 1, Integer::sum);
                })
            .concurrency(8),
        () -> {
          List<Job> jobs = new ArrayList<>();
          for (int i = 0; i < 60; i++) {
            jobs.add(coatcheck.submit(worker, new Text("n" + i)));
          }
          for (Job job : jobs) {
            assertThat(coatcheck.await(job, Integer.class, LONG).output()).isEqualTo(1);
          }
        });
    assertThat(most).hasValue(8);
    assertThat(runs).hasSize(60).containsValue(1).doesNotContainValue(2);
  }

  @Test
  void a_cancel_reaches_the_handler() throws Exception {
    BlockingQueue<StopReason> stops = new LinkedBlockingQueue<>();
    CountDownLatch begun = new CountDownLatch(1);
    during(
        runner((context, in) -> {
          begun.countDown();
          try {
            new Semaphore(0).acquire();
            return 1;
          } finally {
            context.stopping().ifPresent(stops::add);
            context.usage(Usage.tokens(5, 6));
          }
        }),
        () -> {
          Job job = coatcheck.submit(worker, new Text(""));
          begun.await();
          assertThat(coatcheck.cancel(job.id()).status()).isEqualTo("canceled");
          assertThat(stops.poll(10, TimeUnit.SECONDS)).isEqualTo(StopReason.CANCELED);
        });
  }

  @Test
  void work_longer_than_its_lease_is_kept_by_heartbeats() throws Exception {
    during(
        runner((context, in) -> {
          Thread.sleep(LEASE.plusMillis(1_500));
          return context.attempt();
        }),
        () -> {
          Job job = coatcheck.submit(worker, new Text(""));
          assertThat(coatcheck.await(job, Integer.class, LONG).output()).isEqualTo(1);
        });
  }

  @Test
  void an_attempt_that_runs_too_long_is_told_so() throws Exception {
    BlockingQueue<StopReason> stops = new LinkedBlockingQueue<>();
    during(
        runner((context, in) -> {
          try {
            Thread.sleep(60_000);
            return 1;
          } finally {
            context.stopping().ifPresent(stops::add);
          }
        }),
        () -> {
          Job job =
              coatcheck.submit(
                  worker,
                  new Text(""),
                  with -> with.runTimeout(Duration.ofSeconds(1)).maxAttempts(1));
          assertThat(coatcheck.await(job, Integer.class, LONG).job().status())
              .isEqualTo("timed_out");
          assertThat(stops.poll(10, TimeUnit.SECONDS)).isEqualTo(StopReason.TIMED_OUT);
        });
  }

  @Test
  void busy_comes_back_in_the_same_attempt() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    during(
        runner((context, in) -> {
          if (calls.incrementAndGet() < 3) {
            throw Busy.retryAfter(Duration.ofMillis(50), "429").scope("openai/gpt-4o");
          }
          return context.attempt();
        }),
        () -> {
          Job job = coatcheck.submit(worker, new Text(""));
          assertThat(coatcheck.await(job, Integer.class, LONG).output()).isEqualTo(1);
          assertThat(calls).hasValue(3);
        });
  }

  @Test
  void a_suspended_attempt_goes_on_with_its_state_and_the_callback() throws Exception {
    BlockingQueue<String> urls = new LinkedBlockingQueue<>();
    during(
        runner((context, in) -> context.resume().isEmpty() ? ask(context, urls) : answer(context)),
        () -> {
          Job job = coatcheck.submit(worker, new Text("ask"));
          String url = urls.take();
          api.until(job.id(), now -> now.path("wait_reason").asString("").equals("callback"));
          assertThat(api.post(url, "{\"said\":\"yes\"}").ok().path("effect").asString())
              .isEqualTo("resumed");
          assertThat(coatcheck.await(job, String.class, LONG).output())
              .isEqualTo("why? yes in attempt 1");
        });
  }

  private static Object ask(WorkContext context, BlockingQueue<String> urls) throws Suspend {
    urls.add(context.callbackUrl().orElse(""));
    throw Suspend.atMost(Duration.ofMinutes(5)).state(new Text("why?"));
  }

  private static Object answer(WorkContext context) {
    var resume = context.resume().orElseThrow();
    String said =
        resume.callback().map(came -> came.body().path("said").asString()).orElse("nothing");
    return resume.state(Text.class).text() + " " + said + " in attempt " + context.attempt();
  }

  @Test
  void a_callback_that_does_not_come_ends_the_wait() throws Exception {
    during(
        runner((context, in) -> {
          if (context.resume().isEmpty()) {
            throw Suspend.atMost(Duration.ofMillis(300)).resumeOnTimeout();
          }
          return context.resume().orElseThrow().timedOut();
        }),
        () -> {
          Job job = coatcheck.submit(worker, new Text(""));
          assertThat(coatcheck.await(job, Boolean.class, LONG).output()).isTrue();
        });
  }

  @Test
  void output_progress_and_log_are_seen_by_who_watches() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      all.append("word").append(i).append(' ');
    }
    OutputText text = new OutputText();
    List<JobEvent> others = new ArrayList<>();
    during(
        runner((context, in) -> {
          context.progress(0.5, "half", "of it");
          context.log("warn", "a line");
          for (String word : all.toString().split("(?<= )")) {
            context.output(word);
          }
          // Progress rides on the next heartbeat, which an end would overtake.
          Thread.sleep(1_000);
          return "done";
        }),
        () -> {
          Job job = coatcheck.submit(worker, new Text(""));
          JobEvent.Done done =
              coatcheck.watch(
                  job.id(),
                  event -> {
                    text.on(event);
                    others.add(event);
                  });
          assertThat(done.status()).isEqualTo("succeeded");
        });
    assertThat(text).hasToString(all.toString());
    assertThat(others)
        .anyMatch(event -> event instanceof JobEvent.Progressed p && "half".equals(p.stage()))
        .anyMatch(event -> event instanceof JobEvent.Logged l && l.message().equals("a line"));
  }

  @Test
  void hostile_words_of_a_handler_do_no_harm_to_other_attempts() throws Exception {
    during(
        runner(
                (context, in) -> {
                  context.progress(Double.NaN, "\ud800" + "x".repeat(5_000), "\0");
                  context.progress(7.5, "x".repeat(5_000), "y".repeat(50_000));
                  context.usage(Usage.tokens(-1, Long.MAX_VALUE));
                  context.log("shout", "\udfff".repeat(30_000));
                  context.output("half a pair \ud83d");
                  Thread.sleep(LEASE.plusMillis(1_500));
                  return context.attempt();
                })
            // All three at once, on the same heartbeats.
            .concurrency(3),
        () -> {
          List<Job> jobs = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            jobs.add(coatcheck.submit(worker, new Text("")));
          }
          for (Job job : jobs) {
            assertThat(coatcheck.await(job, Integer.class, LONG).output()).isEqualTo(1);
          }
        });
  }

  @Test
  void sigterm_lets_handlers_finish() throws Exception {
    try (RunnerProcess runner = RunnerProcess.java(server.url(), worker, "20000")) {
      Job job = coatcheck.submit(worker, Map.of("millis", 2_000));
      await().atMost(LONG).until(() -> runner.said().contains(job.id()));
      runner.signal("TERM");
      assertThat(runner.ended()).isEqualTo(143);
      assertThat(coatcheck.await(job, Long.class, LONG).output()).isEqualTo(runner.pid());
      assertThat(api.attempts(job.id())).containsExactly("1 succeeded");
    }
  }

  @Test
  void what_outlasts_the_grace_is_handed_back() throws Exception {
    try (RunnerProcess runner = RunnerProcess.java(server.url(), worker, "200")) {
      Job job = coatcheck.submit(worker, Map.of("millis", 60_000));
      await().atMost(LONG).until(() -> runner.said().contains(job.id()));
      runner.signal("TERM");
      runner.ended();
      await()
          .atMost(LONG)
          .until(() -> api.job(job.id()).path("status").asString().equals("queued"));
      assertThat(api.attempts(job.id())).hasSize(1).first().asString().contains("released");
      coatcheck.cancel(job.id());
    }
  }
}
