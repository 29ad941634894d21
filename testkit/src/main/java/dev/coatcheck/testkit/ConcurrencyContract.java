package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Job;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.ClaimPlan.Holder;
import dev.coatcheck.store.ClaimPlan.Want;
import dev.coatcheck.store.Command;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a store promises of how much starts at once. */
public interface ConcurrencyContract extends OnBench {

  Holder NODE = new Holder.Node();
  Holder OTHER = new Holder.Remote(new RunnerId(8, 8), StoreBench.LEASE);

  @Test
  default void a_plan_bounds_the_jobs_of_all_its_workers_together() {
    for (Holder holder : List.of(NODE, OTHER)) {
      fill("a", 3);
      fill("b", 3);
      ClaimPlan plan = new ClaimPlan(holder, List.of(new Want("a", 2), new Want("b", 9)), 4);

      List<Grant> grants = bench().store().claim(plan);

      assertThat(grants).extracting(Grant::worker).containsExactly("a", "a", "b", "b");
      assertThat(bench().store().claim(new ClaimPlan(holder, plan.wants(), 0))).isEmpty();
      bench().store().claim(new ClaimPlan(NODE, plan.wants()));
    }
  }

  @Test
  default void runners_elsewhere_start_no_more_of_a_worker_than_may_run_at_once() {
    define(3);
    fill("w", 9);
    bench().claim("w", 1);

    assertThat(claim(OTHER, 9)).hasSize(2);
    assertThat(claim(OTHER, 9)).isEmpty();
    assertThat(bench().claimRemote("w", 9)).isEmpty();
    define(5);
    assertThat(bench().claimRemote("w", 9)).hasSize(2);
    define(1);
    assertThat(bench().claimRemote("w", 9)).isEmpty();
  }

  @Test
  default void runners_here_and_elsewhere_share_the_places() {
    define(2);
    fill("w", 4);
    Grant elsewhere = claim(OTHER, 1).getFirst();

    assertThat(bench().claim("w", 9)).hasSize(1);
    assertThat(bench().claim("w", 9)).isEmpty();
    bench().complete(elsewhere, "1");
    assertThat(bench().claim("w", 9)).hasSize(1);
  }

  @Test
  default void without_a_bound_all_that_is_asked_for_starts() {
    define(WorkerSpec.UNLIMITED);
    fill("w", 30);

    assertThat(claim(OTHER, 29)).hasSize(29);
  }

  @Test
  default void every_way_to_leave_makes_room_and_tells_of_it() {
    define(1);
    List<Consumer<Grant>> ways =
        List.of(
            grant -> bench().complete(grant, "1"),
            grant -> bench().backoff(grant, Duration.ofDays(1)),
            grant -> bench().busy(grant, Duration.ofDays(1)),
            grant -> bench().cancel(grant.token().job()),
            grant -> bench().suspend(grant, Duration.ofDays(1)),
            grant -> {
              bench().advance(StoreBench.LEASE);
              bench().store().rescue(9);
            });
    fill("w", ways.size() + 1);
    Heard heard = Heard.on(bench().store());
    for (Consumer<Grant> way : ways) {
      Grant grant = claim(OTHER, 9).getFirst();
      assertThat(claim(OTHER, 9)).isEmpty();
      heard.forget();

      way.accept(grant);

      assertThat(heard.work()).containsExactly("w");
    }
    assertThat(claim(OTHER, 9)).hasSize(1);
  }

  @Test
  default void where_nothing_is_ready_nothing_is_told() {
    define(1);
    Grant grant = bench().runningRemotely(job("w"));
    Heard heard = Heard.on(bench().store());

    bench().complete(grant, "1");

    assertThat(heard.work()).isEmpty();
  }

  @Test
  default void a_probe_leaves_nothing_and_tells_nothing() {
    Job job = bench().accepted(job("w"));
    // What was done before may be told after its answer, but not after that of the next call.
    bench().store().probe();
    Heard heard = Heard.on(bench().store());

    bench().store().probe();

    assertThat(heard.work()).isEmpty();
    assertThat(heard.phases()).isEmpty();
    assertThat(bench().job(job.id())).isEqualTo(job);
    assertThat(bench().counts("w").ready()).isEqualTo(1);
  }

  private List<Grant> claim(Holder holder, int max) {
    return bench().store().claim(new ClaimPlan(holder, List.of(new Want("w", max))));
  }

  private void define(int concurrency) {
    WorkerSpec spec = WorkerSpec.named("w").concurrency(concurrency).build();
    bench().commit(new Command.Define(spec, "config"));
  }

  private void fill(String worker, int jobs) {
    for (int i = 0; i < jobs; i++) {
      bench().accepted(job(worker));
    }
  }
}
