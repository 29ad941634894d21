package dev.coatcheck.store.postgres;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.Command;
import dev.coatcheck.testkit.Jobs;
import dev.coatcheck.worker.WorkerSpec;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nodes ask that have nothing to do, and that they find what nobody tells them of. */
@Timeout(90)
final class IdleTest {

  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration BEAT = Duration.ofSeconds(2);
  private static final Duration LEASE = BEAT.multipliedBy(6);

  @BeforeEach
  void clear() {
    TestDatabase.clear();
  }

  private static Engine engine(String url) {
    return Engine.start(PostgresStore.open(options(url)), EngineConfig.on(new JvmMachine()));
  }

  private static PostgresOptions options(String url) {
    return PostgresOptions.of(url, new SecureRandom()).withLease(LEASE);
  }

  /** What went over the cable within the time. */
  private static Queue<String> heard(Cable cable, Duration within) throws InterruptedException {
    Queue<String> statements = new ConcurrentLinkedQueue<>();
    cable.listen(statements::add);
    TimeUnit.NANOSECONDS.sleep(within.toNanos());
    cable.listen(statement -> {});
    return statements;
  }

  @Test
  void a_node_beats_every_five_seconds_and_more_often_with_a_short_lease() {
    assertThat(Node.pause(PostgresOptions.LEASE)).isEqualTo(LOOK);
    assertThat(Node.pause(Duration.ofHours(1))).isEqualTo(LOOK);
    assertThat(Node.pause(LEASE)).isEqualTo(BEAT);
  }

  @Test
  void idle_nodes_say_nothing_but_that_they_live_and_find_what_nobody_tells_them_of()
      throws Exception {
    try (Cable cable = Cable.to(TestDatabase.url());
        Engine one = engine(cable.url());
        Engine two = engine(cable.url());
        PostgresStore teller =
            PostgresStore.open(PostgresOptions.of(TestDatabase.url(), new SecureRandom()))) {
      CompletableFuture<Long> ready = new CompletableFuture<>();
      CompletableFuture<Long> due = new CompletableFuture<>();
      for (Engine engine : List.of(one, two)) {
        engine.serve(WorkerSpec.named("ready").build(), noting(ready));
        engine.serve(WorkerSpec.named("due").build(), noting(due));
      }
      // The first looks of each are its own; when it has beaten since, that is enough.
      heard(cable, LOOK.plus(BEAT).plusSeconds(1));

      Duration time = LOOK.plusSeconds(1);
      Queue<String> statements = heard(cable, time);

      assertThat(statements).allMatch(any -> any.contains("WITH clock"));
      assertThat(statements).hasSizeBetween(2, 2 * (int) (1 + time.dividedBy(BEAT)));

      long start;
      // In a transaction of somebody who does not tell of it.
      try (Connection connection = TestDatabase.connect()) {
        connection.setAutoCommit(false);
        for (Jobs untold : List.of(job("ready"), job("due").delay(Duration.ofMillis(10)))) {
          teller.submit(connection, untold.build(Instant.now()));
        }
        connection.commit();
        start = System.nanoTime();
      }
      Duration most = BEAT.plusMillis(500);
      assertThat(Duration.ofNanos(ready.get(9, TimeUnit.SECONDS) - start)).isLessThan(most);
      assertThat(Duration.ofNanos(due.get(9, TimeUnit.SECONDS) - start)).isLessThan(most);
    }
  }

  @Test
  void what_comes_due_here_is_not_late_by_a_look() throws Exception {
    try (PostgresStore store = PostgresStore.open(options(TestDatabase.url()));
        Engine node = Engine.start(store, EngineConfig.on(new JvmMachine()))) {
      CompletableFuture<Long> due = new CompletableFuture<>();
      node.serve(WorkerSpec.named("due").build(), noting(due));
      TimeUnit.NANOSECONDS.sleep(BEAT.plusMillis(500).toNanos());
      long start = System.nanoTime();
      Jobs later = job("due").delay(Duration.ofMillis(300));
      store.commit(List.of(new Command.Submit(later.build(Instant.now()), false)));

      assertThat(Duration.ofNanos(due.get(9, TimeUnit.SECONDS) - start))
          .isBetween(Duration.ofMillis(290), Duration.ofMillis(1_500));
    }
  }

  private static Handler noting(CompletableFuture<Long> at) {
    return (work, input) -> {
      at.complete(System.nanoTime());
      return new Reply.Completed(Payload.utf8("1"), Usage.NONE);
    };
  }
}
