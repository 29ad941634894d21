package dev.coatcheck.engine;

import static dev.coatcheck.engine.Bench.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.handler.Reply;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.testkit.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StopTest {

  private static final Payload ANSWER = Payload.utf8("1");

  @Test
  void work_that_ends_within_the_grace_is_recorded() throws Exception {
    Bench bench = new Bench();
    CountDownLatch started = new CountDownLatch(1);
    bench.serve(
        "w",
        (context, input) -> {
          started.countDown();
          context.sleep(Duration.ofMillis(100));
          return Reply.completed(ANSWER);
        });
    JobId id = bench.submit(job("w"));
    started.await();
    assertThat(bench.engine.stop(Bench.LONG)).isZero();
    try (Bench next = new Bench(bench.store.restart())) {
      assertThat(next.read(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    }
  }

  @Test
  void work_that_does_not_end_is_handed_back_without_counting_its_attempt() throws Exception {
    Bench bench = new Bench();
    CountDownLatch started = new CountDownLatch(1);
    bench.serve(
        "w",
        (context, input) -> {
          started.countDown();
          context.sleep(Duration.ofMinutes(5));
          return Reply.completed(ANSWER);
        });
    JobId id = bench.submit(job("w"));
    started.await();
    assertThat(bench.engine.stop(Duration.ofMillis(50))).isEqualTo(1);
    InMemoryStore store = bench.store.restart();
    try (Bench next = new Bench(store)) {
      assertThat(next.read(id).status()).isEqualTo(JobStatus.QUEUED);
      next.serve("w", (context, input) -> Reply.completed(ANSWER));
      Job job = next.done(id);
      assertThat(job.attempt()).isEqualTo(1);
      assertThat(next.attempts(id))
          .extracting(Attempt::state)
          .containsExactly(Attempt.State.RELEASED, Attempt.State.SUCCEEDED);
    }
  }

  @Test
  void a_handler_that_ignores_its_stop_cannot_record_anything_afterwards() throws Exception {
    Bench bench = new Bench();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    bench.serve(
        "w",
        (context, input) -> {
          started.countDown();
          boolean waiting = true;
          while (waiting) {
            try {
              waiting = !free.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException ignored) {
              waiting = true;
            }
          }
          return Reply.completed(ANSWER);
        });
    JobId id = bench.submit(job("w"));
    started.await();
    assertThat(bench.engine.stop(Duration.ZERO)).isEqualTo(1);
    try (Bench next = new Bench(bench.store.restart())) {
      free.countDown();
      assertThat(next.read(id).status()).isEqualTo(JobStatus.QUEUED);
      next.serve("w", (context, input) -> Reply.completed(Payload.utf8("2")));
      assertThat(next.done(id).output()).isEqualTo(Payload.utf8("2"));
    }
  }

  @Test
  void jobs_of_a_dead_node_run_again_at_once_after_a_restart() throws Exception {
    Bench dead = new Bench();
    CountDownLatch started = new CountDownLatch(5);
    CountDownLatch never = new CountDownLatch(1);
    dead.serve(
        "w",
        (context, input) -> {
          started.countDown();
          never.await();
          return Reply.completed(ANSWER);
        });
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(dead.submit(job("w")));
    }
    started.await();
    try (Bench next = new Bench(dead.store.restart())) {
      next.serve("w", (context, input) -> Reply.completed(Payload.utf8("2")));
      for (JobId id : ids) {
        Job job = next.done(id);
        assertThat(job.output()).isEqualTo(Payload.utf8("2"));
        assertThat(job.attempt()).isEqualTo(2);
        assertThat(next.attempts(id).getFirst().state()).isEqualTo(Attempt.State.LOST);
      }
    }
  }
}
