package dev.coatcheck.store.postgres;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.Note;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.postgres.MortalNode.Cut;
import dev.coatcheck.testkit.StoreBench;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever dies, and wherever: a test for each row of the table in {@code
 * docs/internals/crashes.md}. Nodes die with statements under way, which the database holds at a
 * known place meanwhile.
 */
@Timeout(60)
final class CrashTableTest {

  private static final int JOBS = 3;

  private final PostgresBench bench = new PostgresBench();
  private final List<JobId> jobs = new ArrayList<>();
  private MortalNode node;

  @BeforeEach
  void submit() throws Exception {
    node = MortalNode.beside(bench);
    for (int i = 0; i < JOBS; i++) {
      jobs.add(bench.accepted(job("w")).id());
    }
  }

  @AfterEach
  void close() throws Exception {
    node.close();
    bench.close();
    assertThat(Census.faults()).isEmpty();
  }

  private static List<Grant> claim(Store store, int max) {
    return store.claim(
        new ClaimPlan(new ClaimPlan.Holder.Node(), List.of(new ClaimPlan.Want("w", max))));
  }

  private static List<Result> complete(Store store, List<Grant> grants, String output) {
    return store.commit(
        grants.stream()
            .<Command>map(grant ->
                new Command.Settle(
                    grant.token(), new Outcome.Succeeded(Payload.utf8(output), Usage.NONE)))
            .toList());
  }

  private int rescue() {
    return bench.store().rescue(99).moved();
  }

  private void leaseEnds() {
    bench.advance(StoreBench.LEASE);
  }

  private List<Job> seen() {
    return jobs.stream().map(bench::job).toList();
  }

  private void allAre(Phase phase, int attempt) {
    assertThat(seen())
        .allSatisfy(job -> {
          assertThat(job.phase()).isEqualTo(phase);
          assertThat(job.attempt()).isEqualTo(attempt);
        });
  }

  private long lost(JobId job) {
    return bench.attempts(job).stream()
        .filter(attempt -> attempt.state() == Attempt.State.LOST)
        .count();
  }

  /** Each was lost once, and runs to its end on another node. */
  private void eachIsLostOnceAndRunsAgain() {
    allAre(Phase.READY, 1);
    assertThat(jobs).allSatisfy(job -> assertThat(lost(job)).isEqualTo(1));
    List<Grant> again = claim(bench.store(), 99);
    assertThat(again).hasSize(JOBS).allSatisfy(grant -> assertThat(grant.attempt()).isEqualTo(2));
    assertThat(complete(bench.store(), again, "again")).hasOnlyElementsOfType(Result.Settled.class);
    allAre(Phase.SUCCEEDED, 2);
    assertThat(seen()).allSatisfy(job -> assertThat(job.output()).isEqualTo(Payload.utf8("again")));
  }

  @ParameterizedTest
  @EnumSource
  void before_a_claim_commits_nothing_has_happened(Cut cut) throws Exception {
    List<Job> before = seen();

    node.inVain(cut, store -> claim(store, JOBS));

    assertThat(seen()).isEqualTo(before);
    assertThat(TestDatabase.count("lease")).isZero();
    leaseEnds();
    assertThat(rescue()).isZero();
    assertThat(claim(bench.store(), 99))
        .hasSize(JOBS)
        .allSatisfy(grant -> assertThat(grant.attempt()).isEqualTo(1));
  }

  @Test
  void after_a_claim_commits_the_lease_ends_and_all_are_rescued() throws Exception {
    node.unheard(store -> claim(store, JOBS));

    allAre(Phase.RUNNING, 1);
    bench.advance(StoreBench.LEASE.minusMillis(1));
    assertThat(rescue()).isZero();
    bench.advance(Duration.ofMillis(1));
    assertThat(rescue()).isEqualTo(JOBS);
    eachIsLostOnceAndRunsAgain();
  }

  @ParameterizedTest
  @EnumSource
  void after_the_work_and_before_its_end_is_committed_it_runs_again(Cut cut) throws Exception {
    List<Grant> grants = claim(node.store(), JOBS);

    node.inVain(cut, store -> complete(store, grants, "first"));

    allAre(Phase.RUNNING, 1);
    node.die();
    leaseEnds();
    assertThat(rescue()).isEqualTo(JOBS);
    eachIsLostOnceAndRunsAgain();
  }

  @Test
  void after_the_ends_are_committed_and_before_the_lease_is_deleted_rescue_only_deletes_it()
      throws Exception {
    List<Grant> grants = claim(node.store(), JOBS);
    node.unheard(store -> complete(store, grants, "first"));
    List<Job> done = seen();
    assertThat(done).allSatisfy(job -> assertThat(job.phase()).isEqualTo(Phase.SUCCEEDED));
    assertThat(TestDatabase.count("lease")).isEqualTo(1);
    leaseEnds();

    assertThat(rescue()).isZero();

    assertThat(TestDatabase.count("lease")).isZero();
    assertThat(seen()).isEqualTo(done);
    assertThat(jobs).allSatisfy(job -> assertThat(lost(job)).isZero());
    assertThat(claim(bench.store(), 99)).isEmpty();
  }

  @Test
  void of_a_lease_whose_ends_are_committed_in_part_the_rest_is_rescued() throws Exception {
    List<Grant> grants = claim(node.store(), JOBS);
    node.unheard(store -> complete(store, grants.subList(0, 2), "first"));
    leaseEnds();

    assertThat(rescue()).isEqualTo(1);

    assertThat(seen())
        .extracting(Job::phase)
        .containsExactly(Phase.SUCCEEDED, Phase.SUCCEEDED, Phase.READY);
    assertThat(TestDatabase.count("lease")).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void a_rescuer_that_dies_midway_has_rescued_nothing(Cut cut) throws Exception {
    claim(node.store(), JOBS);
    node.die();
    leaseEnds();
    List<Job> held = seen();
    try (MortalNode rescuer = MortalNode.beside(bench)) {

      rescuer.inVain(cut, store -> store.rescue(99));

      assertThat(seen()).isEqualTo(held);
      assertThat(rescue()).isEqualTo(JOBS);
      eachIsLostOnceAndRunsAgain();
    }
  }

  @Test
  void a_rescuer_that_dies_before_it_hears_has_rescued_all_once() throws Exception {
    claim(node.store(), JOBS);
    node.die();
    leaseEnds();
    try (MortalNode rescuer = MortalNode.beside(bench)) {

      rescuer.unheard(store -> store.rescue(99));

      assertThat(rescue()).isZero();
      eachIsLostOnceAndRunsAgain();
    }
  }

  @Test
  void two_rescuers_do_not_wait_for_each_other_and_take_each_member_once() throws Exception {
    claim(node.store(), 1);
    claim(node.store(), 2);
    node.die();
    leaseEnds();
    leaveTraceOfAnOldNode();
    try (MortalNode other = MortalNode.beside(bench);
        Gate gate = Gate.at(Gate.Place.LAST_STATEMENT)) {
      CompletableFuture<Integer> held = MortalNode.aside(() -> other.store().rescue(1).moved());
      gate.awaitHeld();

      int meanwhile = rescue();
      gate.open();

      assertThat(held.get()).isEqualTo(1);
      // Whichever of the two leases the first had, it is left to it as a whole.
      assertThat(meanwhile).isBetween(1, 2);
      assertThat(rescue()).isEqualTo(JOBS - 1 - meanwhile);
    }
    eachIsLostOnceAndRunsAgain();
  }

  /** Both find it, and would forget it. */
  private static void leaveTraceOfAnOldNode() throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO coatcheck.node VALUES (gen_random_uuid(), 0, 0)");
    }
  }

  @Test
  void who_completes_after_a_rescue_is_refused() {
    List<Grant> grants = claim(node.store(), JOBS);
    leaseEnds();
    assertThat(rescue()).isEqualTo(JOBS);
    List<Job> back = seen();

    assertThat(complete(node.store(), grants, "late"))
        .hasOnlyElementsOfType(Result.LeaseLost.class);

    assertThat(seen()).isEqualTo(back);
    eachIsLostOnceAndRunsAgain();
  }

  @Test
  void a_rescue_leaves_alone_what_is_being_completed() throws Exception {
    List<Grant> grants = claim(node.store(), JOBS);
    leaseEnds();
    try (Gate gate = Gate.at(Gate.Place.LAST_STATEMENT)) {
      CompletableFuture<List<Result>> completion =
          MortalNode.aside(() -> complete(node.store(), grants, "in time"));
      gate.awaitHeld();

      assertThat(rescue()).isZero();
      gate.open();

      assertThat(completion.get()).hasOnlyElementsOfType(Result.Settled.class);
    }
    assertThat(rescue()).isZero();
    allAre(Phase.SUCCEEDED, 1);
    assertThat(TestDatabase.count("lease")).isZero();
  }

  @Test
  void who_completes_during_a_rescue_waits_for_it_and_is_refused() throws Exception {
    List<Grant> grants = claim(node.store(), JOBS);
    leaseEnds();
    try (MortalNode rescuer = MortalNode.beside(bench);
        Gate gate = Gate.at(Gate.Place.LAST_STATEMENT)) {
      CompletableFuture<Integer> rescued =
          MortalNode.aside(() -> rescuer.store().rescue(99).moved());
      gate.awaitHeld();
      CompletableFuture<List<Result>> completion =
          MortalNode.aside(() -> complete(node.store(), grants, "late"));
      TestDatabase.untilBlocked();

      gate.open();

      assertThat(rescued.get()).isEqualTo(JOBS);
      assertThat(completion.get()).hasOnlyElementsOfType(Result.LeaseLost.class);
    }
    eachIsLostOnceAndRunsAgain();
  }

  /** How it stops its work by itself is in {@link CutOffTest}. */
  @Test
  void a_node_that_was_frozen_for_a_lease_can_say_nothing_of_its_jobs_any_more() {
    List<Grant> grants = claim(node.store(), JOBS);
    leaseEnds();
    assertThat(rescue()).isEqualTo(JOBS);
    List<Grant> others = claim(bench.store(), JOBS);
    List<Job> running = seen();

    LeaseToken stale = grants.getFirst().token();
    List<Command> words =
        List.of(
            new Command.Settle(stale, new Outcome.Succeeded(Payload.utf8("late"), Usage.NONE)),
            new Command.Park(stale, new Parking.Release()),
            new Command.Park(stale, new Parking.Busy("429", Duration.ofSeconds(1))),
            new Command.Append(
                stale, List.of(new Note.Output(0, List.of("late"))), StoreBench.USAGE));
    assertThat(node.store().commit(words)).hasOnlyElementsOfType(Result.LeaseLost.class);

    assertThat(node.store().reader().heldBy(node.store().node())).isEmpty();
    assertThat(seen()).isEqualTo(running);
    assertThat(complete(bench.store(), others, "by another"))
        .hasOnlyElementsOfType(Result.Settled.class);
    allAre(Phase.SUCCEEDED, 2);
  }
}
