package dev.coatcheck.client.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.coatcheck.client.script.Leases;
import dev.coatcheck.client.script.ScriptedServer;
import dev.coatcheck.client.script.ScriptedServer.Act;
import dev.coatcheck.client.script.ScriptedServer.Said;
import dev.coatcheck.client.script.ScriptedServer.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Finished jobs are told together while an earlier call is on its way. */
@Timeout(60)
class CourierTest {

  private static final String MANY = "/v1/leases:complete";
  private static final int JOBS = 50;
  private static final Act REFUSED =
      new Act.Answer(Said.problem(503, "store_unavailable", Map.of()));

  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger worked = new AtomicInteger();
  private ScriptedServer server;
  private Leases leases;

  @BeforeEach
  void start() throws Exception {
    server = ScriptedServer.start();
    leases = Leases.on(server, 30_000);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Lets all jobs end while the first one's call is on its way, so that the others gather. */
  private Runner running(Object output) {
    return running(output, JOBS);
  }

  private Runner running(Object output, int jobs) {
    server.next("/complete", new Act.Await(gate));
    for (int n = 0; n < jobs; n++) {
      leases.offer(Integer.toString(n));
    }
    return Runner.connect(server.url())
        .handle(
            "enrich",
            Integer.class,
            Object.class,
            (context, n) -> {
              while (worked.get() > 0 && server.calls("/complete").isEmpty()) {
                Thread.sleep(1);
              }
              worked.incrementAndGet();
              return output;
            })
        .concurrency(jobs)
        .longPoll(Duration.ofMillis(200))
        .start();
  }

  /** Closes the runner in good order afterwards. */
  private static void during(Runner runner, Runnable body) {
    try (runner) {
      body.run();
    }
  }

  private void openOnceAllHaveWorked(int jobs) {
    await().until(() -> worked.get() == jobs);
    gate.countDown();
  }

  private void untilEnded(int jobs) {
    await().atMost(Duration.ofSeconds(20)).until(() -> leases.ended() >= jobs);
  }

  private int calls() {
    return server.calls("/complete").size() + server.calls(MANY).size();
  }

  @Test
  void what_is_done_while_a_call_is_on_its_way_is_told_with_the_next() {
    during(
        running(7),
        () -> {
          openOnceAllHaveWorked(JOBS);
          untilEnded(JOBS);
        });
    for (int i = 1; i <= JOBS; i++) {
      assertThat(leases.words(i, "complete")).singleElement().hasToString("{\"output\":7}");
    }
    assertThat(calls()).isLessThan(JOBS / 2);
    assertThat(server.calls(MANY)).isNotEmpty();
  }

  @Test
  void nothing_is_lost_when_answers_are_and_nothing_is_told_otherwise() {
    server.next(MANY, new Act.LoseAnswer(), REFUSED, new Act.LoseAnswer());
    during(
        running(Map.of("n", 1)),
        () -> {
          openOnceAllHaveWorked(JOBS);
          await().until(() -> server.calls(MANY).size() >= 4);
        });
    assertThat(leases.ended()).isEqualTo(JOBS);
    for (int i = 1; i <= JOBS; i++) {
      assertThat(leases.words(i, "complete"))
          .isNotEmpty()
          .allSatisfy(body -> assertThat(body).hasToString("{\"output\":{\"n\":1}}"));
    }
  }

  @Test
  void what_does_not_get_through_together_is_told_by_fewer_at_a_time() {
    server.usually(
        MANY,
        call -> {
          if (call.body().path("completions").size() > 8) {
            throw new IOException("too long for something on the way");
          }
          return leases.completeMany(call);
        });
    during(
        running(7),
        () -> {
          openOnceAllHaveWorked(JOBS);
          untilEnded(JOBS);
        });
    for (int i = 1; i <= JOBS; i++) {
      assertThat(leases.words(i, "complete")).singleElement().hasToString("{\"output\":7}");
    }
    assertThat(server.calls(MANY))
        .anySatisfy(call -> assertThat(call.body().path("completions").size()).isBetween(2, 8));
  }

  @Test
  void heartbeats_name_what_has_not_been_answered() {
    leases = Leases.on(server, 600);
    during(
        running(1),
        () -> {
          await().until(() -> worked.get() == JOBS);
          int before = server.calls("/heartbeat").size();
          await().until(() -> server.calls("/heartbeat").size() >= before + 2);
          Seen beat = server.calls("/heartbeat").getLast();
          assertThat(beat.body().path("leases").size()).isEqualTo(JOBS);
          gate.countDown();
          untilEnded(JOBS);
        });
  }

  @Test
  void what_a_heartbeat_stopped_meanwhile_is_not_told() {
    leases = Leases.on(server, 600);
    during(
        running(1),
        () -> {
          await().until(() -> worked.get() == JOBS);
          Set<Integer> stopped = untold().stream().limit(10).collect(Collectors.toSet());
          int before = server.calls("/heartbeat").size();
          stopped.forEach(lease -> leases.stop(lease, "canceled"));
          await().until(() -> server.calls("/heartbeat").size() >= before + 3);
          gate.countDown();
          untilEnded(JOBS - 10);
          stopped.forEach(lease -> assertThat(leases.words(lease, "complete")).isEmpty());
        });
  }

  /** The leases whose call has not even been made. */
  private List<Integer> untold() {
    List<String> telling = server.calls("/complete").stream().map(Seen::path).toList();
    return IntStream.rangeClosed(1, JOBS)
        .filter(n -> telling.stream().noneMatch(path -> path.contains("/lt_" + n + "/")))
        .boxed()
        .toList();
  }

  @Test
  void a_server_that_has_no_such_path_is_told_of_each_alone() {
    isToldOfEachAlone(404);
    assertThat(server.calls(MANY)).hasSize(1);
  }

  @Test
  void a_server_that_takes_the_path_for_another_is_told_of_each_alone() {
    isToldOfEachAlone(405);
    assertThat(server.calls(MANY)).hasSize(1);
  }

  @Test
  void what_cannot_be_read_together_is_told_of_each_alone() {
    isToldOfEachAlone(400);
  }

  @Test
  void what_is_too_large_together_is_told_of_each_alone() {
    isToldOfEachAlone(413);
  }

  @Test
  void what_breaks_the_server_together_is_told_of_each_alone() {
    isToldOfEachAlone(500);
  }

  private void isToldOfEachAlone(int status) {
    server.usually(MANY, call -> Said.problem(status, "not_found", Map.of()));
    during(
        running(7),
        () -> {
          openOnceAllHaveWorked(JOBS);
          untilEnded(JOBS);
        });
    for (int i = 1; i <= JOBS; i++) {
      assertThat(leases.words(i, "complete")).singleElement().hasToString("{\"output\":7}");
    }
  }

  @Test
  void one_that_is_refused_among_many_ends_as_it_would_alone() {
    leases.refuse(10, Said.problem(422, "output_invalid", Map.of()));
    leases.refuse(20, Said.problem(409, "lease_lost", Map.of("x-should-retry", "false")));
    leases.refuse(30, Said.problem(422, "validation_failed", Map.of()));
    leases.refuse(40, Said.problem(413, "output_too_large", Map.of()));
    during(
        running(7),
        () -> {
          openOnceAllHaveWorked(JOBS);
          untilEnded(JOBS - 3);
        });
    for (int refused : List.of(10, 20, 40)) {
      assertThat(leases.words(refused, "complete")).hasSize(1);
      assertThat(leases.ending(refused)).isEmpty();
    }
    JsonNode instead = leases.told(30, "fail");
    assertThat(instead.at("/error/code").asString()).isEqualTo("worker_error");
  }

  @Test
  void a_call_has_no_more_bytes_than_a_server_takes() {
    int most = 512 * 1024;
    during(
        running("x".repeat(100_000), 20),
        () -> {
          openOnceAllHaveWorked(20);
          untilEnded(20);
        });
    assertThat(server.calls(MANY))
        .hasSizeGreaterThan(2)
        .allSatisfy(call ->
            assertThat(Integer.parseInt(call.header("Content-Length"))).isLessThanOrEqualTo(most));
  }

  @Test
  void what_is_too_large_for_company_is_told_alone() {
    during(
        running("x".repeat(600_000), 5),
        () -> {
          openOnceAllHaveWorked(5);
          untilEnded(5);
        });
    assertThat(server.calls(MANY)).isEmpty();
    assertThat(server.calls("/complete")).hasSize(5);
  }
}
