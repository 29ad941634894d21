package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Result;
import dev.coatcheck.worker.Execution;
import dev.coatcheck.worker.Retention;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store promises of the workers that were made known to it. */
public interface KnownWorkerContract extends OnBench {

  @Test
  default void workers_in_use_are_told_by_name() {
    WorkerSpec full =
        WorkerSpec.named("full")
            .kind("pull")
            .description("paints")
            .inputSchema(Payload.utf8("{\"type\":\"object\"}"))
            .outputSchema(Payload.utf8("{}"))
            .concurrency(WorkerSpec.UNLIMITED)
            .queueLimit(7)
            .execution(Execution.CPU)
            .queueTimeout(Duration.ofSeconds(1))
            .runTimeout(Duration.ofSeconds(2))
            .deadline(Duration.ofSeconds(3))
            .expectedDuration(Duration.ofSeconds(4))
            .maxAttempts(6)
            .maxLost(8)
            .retry(new RetryPolicy(Duration.ZERO, 1.5, Duration.ofSeconds(5), false))
            .priority(-9)
            .deadLetters(false)
            .retention(new Retention(Duration.ofDays(1), Duration.ofDays(2), Duration.ofDays(3)))
            .build();
    assertThat(bench().store().reader().workers()).isEmpty();
    define(full, "api");
    define(WorkerSpec.of("bare"), "builtin");
    pause("full", true);

    List<KnownWorker> told =
        List.of(
            new KnownWorker(WorkerSpec.of("bare"), 1, "builtin", false),
            new KnownWorker(full, 1, "api", true));
    assertThat(bench().store().reader().workers()).isEqualTo(told);
    bench().restart();
    assertThat(bench().store().reader().workers()).isEqualTo(told);
  }

  @Test
  default void equal_content_keeps_its_version_and_former_ones_stay() {
    WorkerSpec one = WorkerSpec.named("w").priority(1).build();
    WorkerSpec two = WorkerSpec.named("w").priority(2).build();
    assertThat(define(one, "api")).isEqualTo(new Result.Defined(1, true));
    assertThat(define(one, "api")).isEqualTo(new Result.Defined(1, false));
    assertThat(define(two, "api")).isEqualTo(new Result.Defined(2, false));
    assertThat(define(one, "api")).isEqualTo(new Result.Defined(3, false));

    assertThat(worker(1)).isEqualTo(one);
    assertThat(worker(2)).isEqualTo(two);
    assertThat(worker(3)).isEqualTo(one);
    assertThat(bench().store().reader().worker("w", 0)).isEmpty();
    assertThat(bench().store().reader().worker("w", 4)).isEmpty();
    assertThat(bench().store().reader().worker("v", 1)).isEmpty();
    assertThat(bench().store().reader().workers())
        .containsExactly(new KnownWorker(one, 3, "api", false));
  }

  @Test
  default void another_source_of_equal_content_is_noted() {
    define(WorkerSpec.of("w"), "api");

    assertThat(define(WorkerSpec.of("w"), "config")).isEqualTo(new Result.Defined(1, false));

    assertThat(bench().store().reader().workers())
        .containsExactly(new KnownWorker(WorkerSpec.of("w"), 1, "config", false));
  }

  @Test
  default void a_worker_with_open_jobs_is_not_removed() {
    define(WorkerSpec.of("w"), "api");
    Grant suspended = bench().runningRemotely(job("w").tenant("ann"));
    bench().suspend(suspended, Duration.ofHours(1));
    Grant running = bench().running(job("w"));
    bench().accepted(job("w"));
    bench().accepted(job("w").delay(Duration.ofHours(1)));

    assertThat(remove("w")).isEqualTo(new Result.InUse(4));
    assertThat(bench().store().reader().workers()).hasSize(1);
    assertThat(bench().complete(running, "1")).isInstanceOf(Result.Settled.class);
    assertThat(remove("w")).isEqualTo(new Result.InUse(3));
  }

  @Test
  default void a_removed_worker_is_out_of_use_and_its_versions_stay() {
    WorkerSpec one = WorkerSpec.named("w").priority(1).build();
    WorkerSpec two = WorkerSpec.named("w").priority(2).build();
    define(one, "api");
    define(two, "api");
    bench().complete(bench().running(job("w")), "1");

    assertThat(remove("w")).isEqualTo(new Result.Removed());

    assertThat(bench().store().reader().workers()).isEmpty();
    assertThat(worker(1)).isEqualTo(one);
    assertThat(worker(2)).isEqualTo(two);
    assertThat(remove("w")).isEqualTo(new Result.NoSuchWorker());
    assertThat(pause("w", true)).isEqualTo(new Result.NoSuchWorker());
    bench().restart();
    assertThat(bench().store().reader().workers()).isEmpty();
    assertThat(define(two, "config")).isEqualTo(new Result.Defined(2, true));
    assertThat(define(one, "config")).isEqualTo(new Result.Defined(3, false));
    assertThat(bench().store().reader().workers())
        .containsExactly(new KnownWorker(one, 3, "config", false));
  }

  @Test
  default void a_worker_that_was_never_defined_can_be_neither_removed_nor_paused() {
    bench().accepted(job("w"));

    assertThat(remove("w")).isEqualTo(new Result.NoSuchWorker());
    assertThat(pause("w", true)).isEqualTo(new Result.NoSuchWorker());
    assertThat(pause("w", false)).isEqualTo(new Result.NoSuchWorker());
    assertThat(bench().claim("w", 1)).hasSize(1);
  }

  @Test
  default void jobs_that_come_for_a_removed_worker_live_by_its_last_contract() {
    define(WorkerSpec.named("w").maxLost(1).deadLetters(false).build(), "api");
    remove("w");

    Grant grant = bench().runningRemotely(job("w"));
    bench().later(StoreBench.LEASE);

    assertThat(bench().job(grant).phase()).isEqualTo(Phase.FAILED);
    assertThat(bench().counts("w").deadLetters()).isZero();
  }

  @Test
  default void nothing_of_a_paused_worker_starts() {
    define(WorkerSpec.of("w"), "api");
    Grant running = bench().running(job("w"));
    assertThat(pause("w", true)).isEqualTo(new Result.PauseSet());

    Result submitted = bench().commit(new Command.Submit(job("w").build(bench().now()), true));
    assertThat(submitted).isInstanceOf(Result.Accepted.class);
    assertThat(((Result.Accepted) submitted).job().phase()).isEqualTo(Phase.READY);
    assertThat(bench().claim("w", 9)).isEmpty();
    assertThat(bench().claimRemote("w", 9)).isEmpty();
    assertThat(bench().complete(running, "1")).isInstanceOf(Result.Settled.class);

    assertThat(pause("w", false)).isEqualTo(new Result.PauseSet());
    assertThat(bench().claim("w", 9)).hasSize(1);
    assertThat(bench().commit(new Command.Submit(job("w").build(bench().now()), true)))
        .isInstanceOf(Result.Started.class);
  }

  @Test
  default void a_pause_outlives_definitions_and_restarts_and_removal() {
    define(WorkerSpec.of("w"), "api");
    pause("w", true);
    define(WorkerSpec.named("w").priority(5).build(), "config");
    bench().restart();
    assertThat(bench().store().reader().workers().getFirst().paused()).isTrue();
    bench().accepted(job("w"));
    assertThat(bench().claim("w", 9)).isEmpty();
    pause("w", false);
    Grant grant = bench().claimOne("w");
    pause("w", true);
    bench().complete(grant, "1");

    remove("w");
    define(WorkerSpec.of("w"), "api");

    assertThat(bench().store().reader().workers().getFirst().paused()).isTrue();
  }

  @Test
  default void the_end_of_a_pause_tells_of_work() {
    Heard heard = Heard.on(bench().store());
    define(WorkerSpec.of("w"), "api");
    pause("w", true);
    pause("w", false);
    assertThat(heard.work()).isEmpty();
    bench().accepted(job("w"));
    pause("w", true);
    heard.forget();

    pause("w", false);

    assertThat(heard.work()).containsExactly("w");
  }

  private Result define(WorkerSpec spec, String source) {
    return bench().commit(new Command.Define(spec, source));
  }

  private Result remove(String worker) {
    return bench().commit(new Command.Remove(worker));
  }

  private Result pause(String worker, boolean paused) {
    return bench().commit(new Command.Pause(worker, paused));
  }

  private WorkerSpec worker(int version) {
    return bench().store().reader().worker("w", version).orElseThrow();
  }
}
