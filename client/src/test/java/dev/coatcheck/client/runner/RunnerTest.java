package dev.coatcheck.client.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.coatcheck.client.Usage;
import dev.coatcheck.client.script.Leases;
import dev.coatcheck.client.script.ScriptedServer;
import dev.coatcheck.client.script.ScriptedServer.Act;
import dev.coatcheck.client.script.ScriptedServer.Said;
import dev.coatcheck.client.work.Busy;
import dev.coatcheck.client.work.Handler;
import dev.coatcheck.client.work.Resume;
import dev.coatcheck.client.work.StopReason;
import dev.coatcheck.client.work.Suspend;
import dev.coatcheck.client.work.WorkFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class RunnerTest {

  private static final Act REFUSED =
      new Act.Answer(Said.problem(503, "store_unavailable", Map.of()));

  private ScriptedServer server;
  private Leases leases;
  private final BlockingQueue<StopReason> stops = new LinkedBlockingQueue<>();

  record Input(int n) {}

  record Output(int twice) {}

  @BeforeEach
  void start() throws Exception {
    server = ScriptedServer.start();
    leases = Leases.on(server, 30_000);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Runner run(Handler<Input, Object> handler) {
    return builder(handler).start();
  }

  private RunnerBuilder builder(Handler<Input, Object> handler) {
    return Runner.connect(server.url(), "a-key")
        .handle("enrich", Input.class, Object.class, handler)
        .longPoll(Duration.ofMillis(200))
        .name("tester");
  }

  /** Works until it is told to stop, and notes why. */
  private Object untilStopped(dev.coatcheck.client.work.WorkContext context)
      throws InterruptedException {
    try {
      new Semaphore(0).acquire();
      return "never";
    } finally {
      context.stopping().ifPresent(stops::add);
    }
  }

  private interface Body {
    void run() throws Exception;
  }

  /** Closes the runner in good order afterwards. */
  private static void during(Runner runner, Body body) throws Exception {
    try (runner) {
      body.run();
    }
  }

  private void untilEnded(int jobs) {
    await().atMost(Duration.ofSeconds(20)).until(() -> leases.ended() >= jobs);
  }

  @Test
  void jobs_are_leased_worked_on_and_completed() throws Exception {
    IntStream.range(0, 50).forEach(n -> leases.offer("{\"n\":" + n + "}"));
    during(
        run((context, in) -> new Output(2 * in.n())),
        () -> {
          untilEnded(50);
        });
    for (int i = 1; i <= 50; i++) {
      assertThat(leases.told(i, "complete"))
          .hasToString("{\"output\":{\"twice\":" + 2 * (i - 1) + "}}");
    }
    JsonNode first = server.calls("/lease").getFirst().body();
    assertThat(first)
        .hasToString(
            "{\"name\":\"tester\",\"workers\":[\"enrich\"],\"max\":10,\"wait\":\"200ms\"}");
    assertThat(server.calls("/lease").getLast().body().path("runner").asString())
        .isEqualTo("run_1");
    assertThat(server.calls("/lease").getFirst().header("Authorization")).isEqualTo("Bearer a-key");
  }

  @Test
  void never_more_run_at_a_time_than_there_are_slots() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    IntStream.range(0, 60).forEach(n -> leases.offer("{\"n\":1}"));
    Handler<Input, Object> handler =
        (context, in) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.sleep(20);
          now.decrementAndGet();
          return 1;
        };
    during(
        builder(handler).concurrency(7).start(),
        () -> {
          untilEnded(60);
        });
    assertThat(most).hasValue(7);
    assertThat(server.calls("/lease"))
        .allSatisfy(call -> assertThat(call.body().path("max").asInt()).isBetween(1, 7));
  }

  @Test
  void the_context_tells_what_the_lease_says() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    leases.offer("{\"n\":1}");
    during(
        run((context, in) -> {
          told.add(
              context.job()
                  + " "
                  + context.worker()
                  + " "
                  + context.attempt()
                  + "/"
                  + context.maxAttempts()
                  + " "
                  + context.metadata()
                  + " "
                  + context.callbackUrl().orElse("")
                  + " "
                  + context.resume().isPresent()
                  + " "
                  + context.deadline().isPresent());
          return 1;
        }),
        () -> {
          untilEnded(1);
        });
    assertThat(told)
        .containsExactly(
            "job_1 enrich 1/3 {user=ada} http://127.0.0.1/v1/callbacks/cb_1 false true");
  }

  @Test
  void each_way_to_end_has_its_verb() throws Exception {
    IntStream.rangeClosed(1, 5).forEach(n -> leases.offer("{\"n\":" + n + "}"));
    leases.offer("{\"n\":\"x\"}");
    during(
        run((context, in) -> {
          switch (in.n()) {
            case 1 -> throw Busy.retryAfter(Duration.ofSeconds(3), "429").scope("openai/gpt-4o");
            case 2 -> throw Suspend.atMost(Duration.ofHours(2)).state(Map.of("id", 7));
            case 3 -> throw Suspend.atMost(Duration.ofMinutes(1)).resumeOnTimeout();
            case 4 ->
                throw WorkFailure.retryable("upstream_error", "it broke")
                    .retryAfter(Duration.ofSeconds(30))
                    .upstream(Map.of("status", 500));
            default -> throw new IllegalStateException("oh");
          }
        }),
        () -> {
          untilEnded(6);
        });
    assertThat(leases.told(1, "busy"))
        .hasToString("{\"retry_after\":\"3000ms\",\"scope\":\"openai/gpt-4o\",\"reason\":\"429\"}");
    assertThat(leases.told(2, "suspend"))
        .hasToString("{\"timeout\":\"7200000ms\",\"state\":{\"id\":7},\"on_timeout\":\"fail\"}");
    assertThat(leases.told(3, "suspend"))
        .hasToString("{\"timeout\":\"60000ms\",\"on_timeout\":\"resume\"}");
    assertThat(leases.told(4, "fail"))
        .hasToString(
            "{\"error\":{\"code\":\"upstream_error\",\"message\":\"it broke\","
                + "\"upstream\":{\"status\":500}},\"retryable\":true,\"retry_after\":\"30000ms\"}");
    assertThat(leases.told(5, "fail").path("error").path("code").asString())
        .isEqualTo("worker_error");
    assertThat(leases.told(5, "fail").path("retryable").asBoolean()).isTrue();
    assertThat(leases.told(6, "fail").path("error").path("code").asString())
        .isEqualTo("unsupported_input");
    assertThat(leases.told(6, "fail").path("retryable").asBoolean()).isFalse();
  }

  @Test
  void a_resumed_attempt_gets_state_and_callback() throws Exception {
    BlockingQueue<Optional<Resume>> resumes = new LinkedBlockingQueue<>();
    leases.offer(
        "{\"n\":1}",
        "{\"reason\":\"callback\",\"state\":{\"n\":7},\"callback\":{\"received_at\":"
            + "\"2030-01-01T00:00:00.000Z\",\"content_type\":\"application/json\","
            + "\"body\":{\"ok\":true}}}");
    leases.offer("{\"n\":1}", "{\"reason\":\"timeout\",\"state\":null,\"callback\":null}");
    Handler<Input, Object> handler =
        (context, in) -> {
          resumes.add(context.resume());
          context.output("after");
          return 1;
        };
    during(
        builder(handler).concurrency(1).start(),
        () -> {
          untilEnded(2);
        });
    Resume first = resumes.remove().orElseThrow();
    assertThat(first.state(Input.class)).isEqualTo(new Input(7));
    assertThat(first.timedOut()).isFalse();
    assertThat(first.callback().orElseThrow().body()).hasToString("{\"ok\":true}");
    Resume second = resumes.remove().orElseThrow();
    assertThat(second.timedOut()).isTrue();
    assertThat(second.state(Input.class)).isNull();
  }

  @Test
  void a_complete_is_repeated_until_it_is_answered() throws Exception {
    leases.offer("{\"n\":4}");
    server.next("/complete", new Act.LoseAnswer(), REFUSED, new Act.LoseAnswer());
    during(
        run((context, in) -> new Output(2 * in.n())),
        () -> {
          await().until(() -> server.calls("/complete").size() >= 4);
        });
    assertThat(server.calls("/complete"))
        .hasSize(4)
        .allSatisfy(call -> assertThat(call.body()).hasToString("{\"output\":{\"twice\":8}}"));
  }

  @Test
  void a_lost_lease_is_dropped_and_the_runner_goes_on() throws Exception {
    leases.offer("{\"n\":1}");
    leases.offer("{\"n\":2}");
    leases.refuse(1, Said.problem(409, "lease_lost", Map.of("x-should-retry", "false")));
    during(
        run((context, in) -> 1),
        () -> {
          await().until(() -> leases.ending(2).equals("complete"));
          await().until(() -> !leases.words(1, "complete").isEmpty());
        });
    assertThat(leases.words(1, "complete")).hasSize(1);
  }

  @Test
  void an_output_that_is_too_large_fails_the_attempt() throws Exception {
    leases.offer("{\"n\":1}");
    server.next("/complete", new Act.Answer(Said.problem(413, "payload_too_large", Map.of())));
    during(
        run((context, in) -> 1),
        () -> {
          untilEnded(1);
        });
    assertThat(leases.told(1, "fail").path("error").path("code").asString())
        .isEqualTo("output_too_large");
  }

  @Test
  void heartbeats_list_all_that_is_held_and_carry_progress_and_usage() throws Exception {
    leases = Leases.on(server, 600);
    CountDownLatch finish = new CountDownLatch(1);
    IntStream.range(0, 3).forEach(n -> leases.offer("{\"n\":" + n + "}"));
    during(
        run((context, in) -> {
          if (in.n() == 0) {
            context.progress(0.25, "reading", null);
            context.usage(Usage.tokens(120, 7));
          }
          finish.await();
          return 1;
        }),
        () -> {
          await()
              .until(() ->
                  server.calls("/heartbeat").stream()
                          .filter(call -> call.body().path("leases").size() == 3)
                          .count()
                      >= 4);
          finish.countDown();
          untilEnded(3);
        });
    List<JsonNode> told =
        server.calls("/heartbeat").stream()
            .flatMap(call -> call.body().path("leases").valueStream())
            .filter(lease -> lease.has("progress"))
            .toList();
    assertThat(told)
        .hasSize(1)
        .first()
        .hasToString(
            "{\"lease_token\":\"lt_1\",\"progress\":{\"fraction\":0.25,\"stage\":\"reading\"},"
                + "\"usage\":{\"input_tokens\":120,\"output_tokens\":7}}");
    assertThat(leases.told(1, "complete").path("usage").path("input_tokens").asInt())
        .isEqualTo(120);
  }

  @Test
  void a_stop_reaches_the_handler_and_nothing_is_sent_but_late_usage() throws Exception {
    leases = Leases.on(server, 300);
    leases.offer("{\"n\":1}");
    CountDownLatch begun = new CountDownLatch(1);
    during(
        run((context, in) -> {
          begun.countDown();
          try {
            return untilStopped(context);
          } finally {
            context.usage(Usage.tokens(9, 1));
          }
        }),
        () -> {
          begun.await();
          leases.stop(1, "canceled");
          assertThat(stops.take()).isEqualTo(StopReason.CANCELED);
          await().until(() -> !server.calls("/usage").isEmpty());
        });
    assertThat(leases.ended()).isZero();
    assertThat(leases.told(1, "usage"))
        .hasToString("{\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}");
  }

  @Test
  void without_a_heartbeat_for_a_whole_lease_the_handler_is_stopped_and_its_result_kept_back()
      throws Exception {
    leases = Leases.on(server, 600);
    leases.offer("{\"n\":1}");
    for (int i = 0; i < 100; i++) {
      server.next("/heartbeat", i % 2 == 0 ? new Act.Hang() : REFUSED);
    }
    long begin = System.nanoTime();
    Handler<Input, Object> stubborn =
        (context, in) -> {
          try {
            untilStopped(context);
          } catch (InterruptedException told) {
            return "a result that comes too late";
          }
          return "";
        };
    during(
        run(stubborn),
        () -> {
          await().until(() -> !stops.isEmpty());
          assertThat(Duration.ofNanos(System.nanoTime() - begin))
              .isBetween(Duration.ofMillis(590), Duration.ofMillis(1_500));
        });
    assertThat(stops).containsExactly(StopReason.LOST);
    assertThat(leases.ended()).isZero();
  }

  @Test
  void output_comes_in_order_once_and_in_batches_however_often_answers_are_lost() throws Exception {
    leases.offer("{\"n\":1}");
    server.next("/output", new Act.LoseAnswer(), REFUSED, new Act.LoseAnswer());
    during(
        run((context, in) -> {
          for (int i = 0; i < 1_000; i++) {
            context.output("c" + i + " ");
          }
          return 1;
        }),
        () -> {
          untilEnded(1);
        });
    assertThat(leases.chunks(1))
        .containsExactlyElementsOf(IntStream.range(0, 1_000).mapToObj(i -> "c" + i + " ").toList());
    assertThat(server.calls("/output")).hasSizeLessThan(50);
  }

  @Test
  void a_lone_chunk_does_not_wait_for_others() throws Exception {
    leases.offer("{\"n\":1}");
    CountDownLatch seen = new CountDownLatch(1);
    during(
        run((context, in) -> {
          context.output("first");
          context.log("info", "a line");
          seen.await();
          return 1;
        }),
        () -> {
          await()
              .atMost(Duration.ofSeconds(2))
              .until(() -> leases.chunks(1).equals(List.of("first")));
          await().until(() -> !server.calls("/log").isEmpty());
          seen.countDown();
        });
    assertThat(leases.told(1, "log").path("lines").get(0).path("message").asString())
        .isEqualTo("a line");
  }

  @Test
  void output_that_lost_its_lease_stops_the_handler() throws Exception {
    leases.offer("{\"n\":1}");
    server.next("/output", new Act.Answer(Said.problem(409, "lease_lost", Map.of())));
    during(
        run((context, in) -> {
          context.output("x");
          return untilStopped(context);
        }),
        () -> {
          assertThat(stops.take()).isEqualTo(StopReason.LOST);
        });
  }

  @Test
  void a_runner_that_stops_lets_its_handlers_finish() throws Exception {
    leases.offer("{\"n\":1}");
    CountDownLatch begun = new CountDownLatch(1);
    Runner runner =
        run((context, in) -> {
          begun.countDown();
          Thread.sleep(500);
          return 1;
        });
    begun.await();
    runner.close();
    assertThat(leases.ending(1)).isEqualTo("complete");
    int calls = server.calls("/lease").size();
    leases.offer("{\"n\":2}");
    Thread.sleep(300);
    assertThat(server.calls("/lease")).hasSize(calls);
  }

  @Test
  void what_is_not_finished_within_the_grace_is_handed_back() throws Exception {
    leases.offer("{\"n\":1}");
    leases.offer("{\"n\":2}");
    CountDownLatch begun = new CountDownLatch(2);
    Handler<Input, Object> handler =
        (context, in) -> {
          begun.countDown();
          if (in.n() == 1) {
            return untilStopped(context);
          }
          while (leases.ended() < 2) {
            Thread.onSpinWait();
          }
          return "deaf";
        };
    Runner runner = builder(handler).grace(Duration.ofMillis(300)).start();
    begun.await();
    runner.close();
    assertThat(leases.ending(1)).isEqualTo("release");
    assertThat(leases.ending(2)).isEqualTo("release");
    assertThat(stops).containsExactly(StopReason.SHUTDOWN);
  }

  @Test
  void leases_that_come_while_the_runner_stops_are_handed_back_at_once() throws Exception {
    Runner runner = builder((context, in) -> 1).longPoll(Duration.ofSeconds(5)).start();
    await().until(() -> !server.calls("/lease").isEmpty());
    Thread closer = Thread.startVirtualThread(runner::close);
    await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
    leases.offer("{\"n\":1}");
    closer.join();
    assertThat(leases.ending(1)).isEqualTo("release");
  }

  @Test
  void a_server_that_is_away_is_asked_again_until_it_is_back() throws Exception {
    server.next("/lease", REFUSED, new Act.LoseAnswer(), REFUSED);
    during(
        run((context, in) -> 1),
        () -> {
          await().until(() -> server.calls("/lease").size() > 3);
          leases.offer("{\"n\":1}");
          await().until(() -> leases.ending(1).equals("complete"));
        });
  }
}
