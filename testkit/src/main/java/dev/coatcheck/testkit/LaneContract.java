package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a store promises of lanes: {@code heavy} weighs 3, {@code light} 0.5, others 1. */
public interface LaneContract extends OnBench {

  @Test
  default void lanes_get_shares_by_their_weights_however_much_is_claimed_at_once() {
    for (long seed = 1; seed <= 3; seed++) {
      String worker = "w" + seed;
      fill(worker, "heavy", 220);
      fill(worker, "plain", 220);
      fill(worker, "light", 220);
      SplittableRandom random = new SplittableRandom(seed);
      Map<String, Integer> got = new HashMap<>();
      int claimed = 0;
      while (claimed < 270) {
        List<Grant> grants = claimAndEnd(worker, 1 + random.nextInt(20));
        claimed += grants.size();
        grants.forEach(grant -> got.merge(lane(grant), 1, Integer::sum));
      }
      assertThat(got.getOrDefault("heavy", 0) / (double) claimed)
          .isCloseTo(3 / 4.5, within(0.1 * 3 / 4.5));
      assertThat(got.getOrDefault("plain", 0) / (double) claimed)
          .isCloseTo(1 / 4.5, within(0.1 / 4.5));
      assertThat(got.getOrDefault("light", 0) / (double) claimed)
          .isCloseTo(0.5 / 4.5, within(0.1 * 0.5 / 4.5));
    }
  }

  @Test
  default void priority_and_age_decide_within_a_lane_only() {
    JobId low = accepted("a", 0);
    JobId high = accepted("a", 9);
    JobId first = accepted("b", -9);
    JobId second = accepted("b", -9);

    List<JobId> started = ids(bench().claim("w", 2));

    assertThat(started).containsExactlyInAnyOrder(high, first);
    assertThat(ids(bench().claimRemote("w", 2))).containsExactlyInAnyOrder(low, second);
  }

  @Test
  default void no_lane_waits_longer_than_one_job_of_each_other() {
    fill("w", "flood", 300);
    for (int lane = 0; lane < 40; lane++) {
      fill("w", "lane-" + lane, 1);
    }
    Set<String> seen = new HashSet<>();
    int claimed = 0;
    while (seen.size() < 41) {
      List<Grant> grants = claimAndEnd("w", 7);
      claimed += grants.size();
      grants.forEach(grant -> seen.add(lane(grant)));
      assertThat(claimed).isLessThanOrEqualTo(49);
    }
  }

  @Test
  default void every_job_of_many_lanes_starts_once() {
    Set<JobId> left = new HashSet<>();
    for (int lane = 0; lane < 300; lane++) {
      left.addAll(fill("w", "lane-" + lane, 1 + lane % 3));
    }
    assertThat(left).hasSize(600);
    for (List<Grant> grants = claimAndEnd("w", 64); !grants.isEmpty(); ) {
      ids(grants).forEach(id -> assertThat(left.remove(id)).isTrue());
      grants = claimAndEnd("w", 64);
    }
    assertThat(left).isEmpty();
  }

  @Test
  default void a_new_lane_does_not_wait_behind_the_backlog_of_another() {
    fill("w", "flood", 100);
    bench().claim("w", 3);
    JobId late = accepted("late", 0);

    assertThat(ids(bench().claim("w", 2))).contains(late);
  }

  @Test
  default void a_lane_alone_gets_every_place_whatever_it_weighs() {
    fill("w", "light", 9);

    assertThat(bench().claim("w", 4)).hasSize(4);
    assertThat(bench().claimRemote("w", 9)).hasSize(5);
  }

  @Test
  default void a_lane_whose_jobs_ran_out_of_time_leaves_its_places_to_others() {
    bench().accepted(job("w").lane("late").deadline(Duration.ofSeconds(1)));
    fill("w", "a", 4);
    bench().advance(Duration.ofSeconds(2));

    assertThat(bench().claim("w", 4)).hasSize(4);
  }

  @Test
  default void jobs_that_come_back_or_go_otherwise_leave_the_shares_right() {
    List<JobId> a = fill("w", "a", 6);
    fill("w", "b", 6);
    bench().cancel(a.getFirst());
    bench().claim("w", 4).forEach(bench()::release);
    bench().restart();

    Map<String, Integer> got = new HashMap<>();
    bench().claim("w", 8).forEach(grant -> got.merge(lane(grant), 1, Integer::sum));

    assertThat(got).isEqualTo(Map.of("a", 4, "b", 4));
  }

  @Test
  default void jobs_of_other_lanes_that_start_before_are_counted_as_far_as_is_known() {
    fill("w", "a", 2);
    JobId third = accepted("a", 0);
    JobId single = accepted("b", 0);

    assertThat(ahead(third, 10)).isEqualTo(OptionalInt.of(3));
    assertThat(ahead(third, 2)).isEmpty();
    assertThat(ahead(single, 10)).isEqualTo(OptionalInt.of(1));
  }

  private OptionalInt ahead(JobId id, int max) {
    return bench().store().reader().ahead(bench().job(id), max);
  }

  /** Ended at once: they hold no places of the worker. */
  private List<Grant> claimAndEnd(String worker, int max) {
    List<Grant> grants = bench().claim(worker, max);
    grants.forEach(grant -> bench().complete(grant, "1"));
    return grants;
  }

  private String lane(Grant grant) {
    return bench().job(grant).lane();
  }

  private JobId accepted(String lane, int priority) {
    return bench().accepted(job("w").lane(lane).priority(priority)).id();
  }

  private List<JobId> fill(String worker, String lane, int jobs) {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      commands.add(new Command.Submit(job(worker).lane(lane).build(bench().now()), false));
    }
    bench().store().commit(commands);
    return commands.stream().map(one -> ((Command.Submit) one).job().id()).toList();
  }

  private static List<JobId> ids(List<Grant> grants) {
    return grants.stream().map(grant -> grant.token().job()).toList();
  }
}
