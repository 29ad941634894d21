package dev.coatcheck.store.postgres;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.postgres.MortalNode.Cut;
import dev.coatcheck.testkit.StoreBench;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Traps of queues in PostgreSQL that no other test here covers; {@code docs/internals/crashes.md}.
 */
@Timeout(60)
final class TrapsTest {

  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final PostgresBench bench = new PostgresBench();

  @AfterEach
  void close() throws Exception {
    bench.close();
    assertThat(Census.faults()).isEmpty();
  }

  private static List<Grant> claim(Store store, int max) {
    return store.claim(
        new ClaimPlan(new ClaimPlan.Holder.Node(), List.of(new ClaimPlan.Want("w", max))));
  }

  private static Result complete(Store store, Grant grant) {
    Outcome done = new Outcome.Succeeded(Payload.utf8("1"), Usage.NONE);
    return store.commit(List.of(new Command.Settle(grant.token(), done))).getFirst();
  }

  /** Ids rise with the time of submission; what is seen first need not be the lowest. */
  @Test
  void a_job_that_commits_after_one_with_a_higher_id_is_not_passed_by() throws Exception {
    PostgresStore store = (PostgresStore) bench.store();
    NewJob first = job("w").build(bench.now());
    Job second;
    CompletableFuture<Result> late;
    try (MortalNode node = MortalNode.beside(bench);
        Gate gate = Gate.at(Gate.Place.COMMIT)) {
      late =
          MortalNode.aside(
              () -> node.store().commit(List.of(new Command.Submit(first, false))).getFirst());
      gate.awaitHeld();
      second = bench.accepted(job("w"));
      store
          .lowWater()
          .slow("w", second.lane(), LowWater.Place.of(0, second.id()), System.nanoTime(), HOUR);
      assertThat(ids(bench.claim("w", 1))).containsExactly(second.id());
      gate.open();
      assertThat(late.get()).isInstanceOf(Result.Accepted.class);
    }
    assertThat(second.id()).isGreaterThan(first.id());

    assertThat(store.reader().ready(java.util.Set.of("w"))).containsExactly("w");
    assertThat(ids(bench.claim("w", 1))).containsExactly(first.id());
  }

  private static List<JobId> ids(List<Grant> grants) {
    return grants.stream().map(grant -> grant.token().job()).toList();
  }

  @Test
  void a_lease_is_there_until_the_end_of_its_last_member_is_durable() throws Exception {
    try (MortalNode node = MortalNode.beside(bench)) {
      bench.accepted(job("w"));
      bench.accepted(job("w"));
      List<Grant> grants = claim(node.store(), 2);
      complete(node.store(), grants.getFirst());
      Cut cut = Cut.THE_DATABASE_ENDS_ITS_PROCESS_WITHIN_THE_COMMIT;

      node.inVain(cut, store -> complete(store, grants.getLast()));

      assertThat(complete(node.store(), grants.getLast())).isInstanceOf(Result.Settled.class);
      assertThat(TestDatabase.count("lease")).isEqualTo(1);

      // It goes with the next change, and when that fails with the one after.
      node.inVain(cut, store -> store.commit(List.of(new Command.Submit(one(), false))));
      assertThat(TestDatabase.count("lease")).isEqualTo(1);
      node.store().commit(List.of(new Command.Submit(one(), false)));
      assertThat(TestDatabase.count("lease")).isZero();
    }
  }

  private NewJob one() {
    return job("w").build(bench.now());
  }

  @Test
  void a_member_that_moved_on_is_not_rescued_with_the_lease_it_had() throws Exception {
    try (MortalNode node = MortalNode.beside(bench)) {
      bench.accepted(job("w"));
      bench.accepted(job("w"));
      List<Grant> grants = claim(node.store(), 2);
      Grant moved = grants.getFirst();
      node.store().commit(List.of(new Command.Park(moved.token(), new Parking.Release())));
      Grant again = bench.claimOne("w");
      assertThat(again.token().job()).isEqualTo(moved.token().job());
      node.die();
      bench.advance(StoreBench.LEASE);

      assertThat(bench.store().rescue(99).moved()).isEqualTo(1);

      assertThat(bench.phase(again.token().job())).isEqualTo(Phase.RUNNING);
      assertThat(bench.phase(grants.getLast().token().job())).isEqualTo(Phase.READY);
      assertThat(complete(bench.store(), again)).isInstanceOf(Result.Settled.class);
    }
  }

  /** Several sessions that refer to one row would have to note all of them on it. */
  @Test
  void no_table_refers_to_another() throws Exception {
    bench.store();
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*), count(*) FILTER (WHERE contype = 'f') FROM pg_constraint"
                    + " WHERE connamespace = 'coatcheck'::regnamespace")) {
      rows.next();
      assertThat(rows.getInt(1)).isPositive();
      assertThat(rows.getInt(2)).isZero();
    }
  }
}
