package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Result;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a store promises of the limits of a worker and of its lanes. */
public interface CapContract extends OnBench {

  @Test
  default void a_lane_at_its_limit_leaves_its_places_to_others() {
    define(9, 2);
    fill("a", 5);
    fill("b", 1);

    List<Grant> grants = bench().claim("w", 9);

    assertThat(lanes(grants)).isEqualTo(Map.of("a", 2, "b", 1));
    assertThat(bench().claim("w", 9)).isEmpty();
    assertThat(bench().claimRemote("w", 9)).isEmpty();
    assertThat(bench().counts("w").ready()).isEqualTo(3);
    fill("b", 1);
    assertThat(lanes(bench().claimRemote("w", 9))).isEqualTo(Map.of("b", 1));
  }

  @Test
  default void both_limits_hold_together() {
    define(3, 2);
    fill("a", 5);
    fill("b", 5);
    fill("c", 5);

    List<Grant> grants = new ArrayList<>(bench().claim("w", 2));
    grants.addAll(bench().claimRemote("w", 9));

    assertThat(grants).hasSize(3);
    bench().complete(grants.getFirst(), "1");
    assertThat(bench().claim("w", 9)).hasSize(1);
  }

  @Test
  default void a_job_does_not_start_with_its_submission_beyond_a_limit() {
    define(2, 1);
    assertThat(submitToStart("a")).isInstanceOf(Result.Started.class);
    assertThat(submitToStart("a")).isInstanceOf(Result.Accepted.class);
    bench().cancel(bench().store().reader().jobs(first()).getFirst().id());
    assertThat(submitToStart("b")).isInstanceOf(Result.Started.class);
    assertThat(submitToStart("c")).isInstanceOf(Result.Accepted.class);
    assertThat(bench().claim("w", 9)).isEmpty();
  }

  @Test
  default void jobs_of_one_commit_start_up_to_the_limits() {
    define(4, 2);
    List<Command> commands = new ArrayList<>();
    for (String lane : List.of("a", "a", "b", "b", "c")) {
      commands.add(new Command.Submit(job("w").lane(lane).build(bench().now()), true));
    }

    assertThat(bench().store().commit(commands))
        .extracting(result -> result instanceof Result.Started)
        .containsExactly(true, true, true, true, false);
  }

  @Test
  default void a_lowered_limit_stops_nothing_and_starts_nothing_until_there_is_room() {
    for (boolean perKey : List.of(false, true)) {
      define(9, perKey ? 9 : WorkerSpec.UNLIMITED);
      fill("a", 9);
      List<Grant> grants = bench().claim("w", 4);
      assertThat(grants).hasSize(4);
      define(perKey ? 9 : 2, perKey ? 2 : WorkerSpec.UNLIMITED);
      for (int left = 4; left >= 2; left--) {
        assertThat(bench().claim("w", 9)).isEmpty();
        assertThat(bench().counts("w").running()).isEqualTo(left);
        bench().complete(grants.get(left - 1), "1");
      }
      List<Grant> next = bench().claim("w", 9);
      assertThat(next).hasSize(1);
      bench().complete(next.getFirst(), "1");
      bench().complete(grants.getFirst(), "1");
      define(9, WorkerSpec.UNLIMITED);
      bench().claim("w", 9).forEach(grant -> bench().complete(grant, "1"));
    }
  }

  @Test
  default void what_a_dead_process_held_makes_room_once_it_is_taken_back() {
    define(2, 2);
    fill("a", 4);
    assertThat(bench().claim("w", 9)).hasSize(2);
    bench().restart();
    assertThat(bench().claim("w", 9)).isEmpty();

    bench().store().rescue(9);

    assertThat(bench().claim("w", 9)).hasSize(2);
  }

  @Test
  default void limits_hold_whatever_happens() {
    for (long seed = 1; seed <= 4; seed++) {
      walk(new SplittableRandom(seed), seed % 2 == 0);
    }
  }

  private void walk(SplittableRandom random, boolean perKey) {
    int most = 3 + random.nextInt(4);
    int ofLane = perKey ? 2 : WorkerSpec.UNLIMITED;
    define(most, ofLane);
    List<Grant> held = new ArrayList<>();
    for (int step = 0; step < 60; step++) {
      String lane = "l" + random.nextInt(3);
      switch (random.nextInt(8)) {
        case 0, 1 -> fill(lane, 1 + random.nextInt(3));
        case 2 -> {
          if (submitToStart(lane) instanceof Result.Started started) {
            held.add(started.grant());
          }
        }
        case 3 -> held.addAll(bench().claim("w", 1 + random.nextInt(9)));
        case 4 -> held.addAll(bench().claimRemote("w", 1 + random.nextInt(9)));
        default -> {
          if (!held.isEmpty()) {
            end(held.remove(random.nextInt(held.size())), random.nextInt(5));
          }
        }
      }
      assertThat(held).hasSizeLessThanOrEqualTo(most);
      assertThat(bench().counts("w").running()).isEqualTo(held.size());
      assertThat(lanes(held).values()).allMatch(running -> running <= ofLane);
    }
    while (!held.isEmpty() || bench().counts("w").ready() > 0) {
      held.addAll(bench().claim("w", 9));
      assertThat(held).isNotEmpty();
      held.forEach(grant -> bench().complete(grant, "1"));
      held.clear();
    }
  }

  private void end(Grant grant, int how) {
    switch (how) {
      case 0 -> bench().release(grant);
      case 1 -> bench().cancel(grant.token().job());
      case 2 -> bench().busy(grant, Duration.ofDays(1));
      default -> bench().complete(grant, "1");
    }
  }

  private Map<String, Integer> lanes(List<Grant> grants) {
    Map<String, Integer> lanes = new HashMap<>();
    grants.forEach(grant -> lanes.merge(bench().job(grant).lane(), 1, Integer::sum));
    return lanes;
  }

  private static JobQuery first() {
    return JobQuery.of(StoreBench.TENANT, 1);
  }

  private Result submitToStart(String lane) {
    return bench().commit(new Command.Submit(job("w").lane(lane).build(bench().now()), true));
  }

  private void define(int concurrency, int perKey) {
    WorkerSpec spec =
        WorkerSpec.named("w").concurrency(concurrency).concurrencyPerKey(perKey).build();
    bench().commit(new Command.Define(spec, "config"));
  }

  private void fill(String lane, int jobs) {
    for (int i = 0; i < jobs; i++) {
      bench().accepted(job("w").lane(lane));
    }
  }
}
