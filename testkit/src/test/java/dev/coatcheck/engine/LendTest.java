package dev.coatcheck.engine;

import static dev.coatcheck.engine.Bench.job;
import static dev.coatcheck.engine.Bench.worker;
import static dev.coatcheck.engine.Lending.done;
import static dev.coatcheck.engine.Lending.grants;
import static dev.coatcheck.engine.Lending.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lend.Loan;
import dev.coatcheck.lend.Order;
import dev.coatcheck.lend.Runners;
import dev.coatcheck.store.Result;
import dev.coatcheck.testkit.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How runners elsewhere come by their work. */
@Timeout(60)
class LendTest {

  /** Less than after what a runner that waits would look by itself. */
  private static final Duration WOKEN = Duration.ofSeconds(4);

  private final Lending lending = new Lending();

  @BeforeEach
  void define() throws Exception {
    lending.define(worker("w").build());
    lending.define(worker("v").build());
  }

  @AfterEach
  void stop() {
    lending.close();
  }

  @Test
  void a_job_is_lent_with_all_that_its_runner_needs() throws Exception {
    JobId id = lending.bench.submit(job("w"));

    Loan loan = lending.lender.lend(order(4, Duration.ZERO, "w"));

    assertThat(loan.runner()).isEqualTo(Lending.RUNNER);
    Grant grant = loan.grants().getFirst();
    assertThat(grant.token().job()).isEqualTo(id);
    assertThat(grant.input().text()).isEqualTo("{}");
    assertThat(grant.attempt()).isOne();
    assertThat(grant.callback()).isNotNull();
    assertThat(grant.leaseUntil()).isEqualTo(grant.startedAt().plus(InMemoryStore.LEASE));
    assertThat(lending.bench.read(id).phase()).isEqualTo(Phase.RUNNING);
  }

  @Test
  void a_runner_that_comes_for_the_first_time_is_given_an_identity() throws Exception {
    Order first = new Order(null, "gpu-7", "1.4", List.of("w"), 1, Duration.ZERO, () -> false);

    Loan loan = lending.lender.lend(first);

    assertThat(loan.grants()).isEmpty();
    Runners.Known known = lending.lender.runners().live().getFirst();
    assertThat(known.id()).isEqualTo(loan.runner());
    assertThat(known.name()).isEqualTo("gpu-7");
    assertThat(known.workers()).containsExactly("w");
    assertThat(known.waiting()).isZero();
    assertThat(lending.bench.engine.runners("w")).isOne();
    assertThat(lending.bench.engine.runners("v")).isZero();
    assertThat(lending.lender.lend(first).runner()).isNotEqualTo(loan.runner());
  }

  @Test
  void a_runner_that_waits_has_a_job_as_soon_as_it_is_submitted() throws Exception {
    FutureTask<Loan> call = lending.waiting(order(1, Bench.LONG, "w", "v"));
    long before = System.nanoTime();

    JobId id = lending.bench.submit(job("v"));

    assertThat(grants(call)).extracting(grant -> grant.token().job()).containsExactly(id);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(WOKEN);
  }

  @Test
  void a_runner_that_waits_in_vain_gets_nothing() throws Exception {
    long before = System.nanoTime();

    assertThat(lending.lender.lend(order(1, Duration.ofMillis(50), "w")).grants()).isEmpty();

    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(50));
  }

  @Test
  void every_runner_that_waits_gets_one_of_as_many_jobs() throws Exception {
    List<FutureTask<Loan>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(lending.waiting(order(1, Bench.LONG, "w")));
    }
    long before = System.nanoTime();

    List<JobId> submitted = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      submitted.add(lending.bench.submit(job("w")));
    }

    List<JobId> lent = new ArrayList<>();
    for (FutureTask<Loan> call : calls) {
      lent.add(grants(call).getFirst().token().job());
    }
    assertThat(lent).containsExactlyInAnyOrderElementsOf(submitted);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(WOKEN);
  }

  @Test
  void no_more_is_lent_than_was_asked_for_of_all_workers_together() throws Exception {
    for (String name : List.of("w", "w", "w", "v", "v")) {
      lending.bench.submit(job(name));
    }

    assertThat(lending.lend(2, "w")).hasSize(2);
    assertThat(lending.lend(2, "v", "w")).extracting(Grant::worker).containsExactly("v", "v");
    assertThat(lending.lend(100, "v", "w")).hasSize(1);
  }

  @Test
  void a_place_that_becomes_free_is_given_to_a_runner_that_waits() throws Exception {
    lending.define(worker("one").concurrency(1).build());
    Grant first = lending.lent("one");
    JobId second = lending.bench.submit(job("one"));
    FutureTask<Loan> call = lending.waiting(order(1, Bench.LONG, "one"));
    long before = System.nanoTime();

    lending.lender.complete(first.token(), done("1"));

    assertThat(grants(call)).extracting(grant -> grant.token().job()).containsExactly(second);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(WOKEN);
  }

  @Test
  void nothing_of_a_paused_worker_is_lent_until_it_may_go_on() throws Exception {
    lending.bench.engine.pause("w", true);
    JobId id = lending.bench.submit(job("w"));
    assertThat(lending.lend(1, "w")).isEmpty();
    FutureTask<Loan> call = lending.waiting(order(1, Bench.LONG, "w"));
    long before = System.nanoTime();

    lending.bench.engine.pause("w", false);

    assertThat(grants(call)).extracting(grant -> grant.token().job()).containsExactly(id);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(WOKEN);
  }

  @Test
  void a_pause_of_a_removed_worker_is_known_again_with_its_definition() throws Exception {
    lending.bench.engine.pause("w", true);
    lending.bench.engine.remove("w");
    lending.bench.engine.stop(Duration.ZERO);

    try (Bench next = new Bench(lending.bench.store.restart())) {
      assertThat(next.engine.catalog().get("w")).isEmpty();
      next.engine.define(worker("w").build(), "api");

      assertThat(next.engine.catalog().get("w").orElseThrow().paused()).isTrue();
    }
  }

  @Test
  void a_runner_that_has_gone_takes_nothing_away() throws Exception {
    AtomicBoolean gone = new AtomicBoolean();
    Order order = new Order(null, null, null, List.of("w"), 1, Bench.LONG, gone::get);
    FutureTask<Loan> call = lending.waiting(order);
    FutureTask<Loan> other = lending.waiting(order(1, Bench.LONG, "w"));
    gone.set(true);

    JobId id = lending.bench.submit(job("w"));

    assertThat(grants(other)).extracting(grant -> grant.token().job()).containsExactly(id);
    assertThat(grants(call)).isEmpty();
  }

  @Test
  void what_could_not_be_delivered_goes_back_unworked() throws Exception {
    Grant grant = lending.lent("w");

    lending.lender.undelivered(List.of(grant));

    Grant again = lending.lend(1, "w").getFirst();
    assertThat(again.token().job()).isEqualTo(grant.token().job());
    assertThat(again.attempt()).isOne();
    assertThat(again.grants()).isEqualTo(2);
  }

  @Test
  void a_stop_lets_those_who_wait_go() throws Exception {
    FutureTask<Loan> call = lending.waiting(order(1, Bench.LONG, "w"));

    lending.bench.engine.stop(Duration.ZERO);

    assertThat(call.get(WOKEN.toSeconds(), TimeUnit.SECONDS).grants()).isEmpty();
  }

  @Test
  void a_job_that_is_lent_outlives_the_process_that_lent_it() throws Exception {
    Grant grant = lending.lent("w");
    lending.bench.engine.stop(Duration.ZERO);

    try (Bench next = new Bench(lending.bench.store.restart())) {
      assertThat(next.engine.catalog().get("w")).isPresent();
      assertThat(next.engine.lender().complete(grant.token(), done("1")))
          .isInstanceOf(Result.Settled.class);
      assertThat(next.done(grant.token().job()).status()).isEqualTo(JobStatus.SUCCEEDED);
      assertThat(Objects.requireNonNull(next.read(grant.token().job()).output()).text())
          .isEqualTo("1");
    }
  }
}
