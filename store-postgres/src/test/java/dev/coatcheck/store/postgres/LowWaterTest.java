package dev.coatcheck.store.postgres;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.postgres.LowWater.Place;
import dev.coatcheck.testkit.Jobs;
import dev.coatcheck.testkit.StoreBench;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Claims that do not begin at the head of the queue. */
final class LowWaterTest {

  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final PostgresBench bench = new PostgresBench();
  private final LowWater water = new LowWater();

  @AfterEach
  void close() {
    bench.close();
  }

  private static Place place(int n) {
    return Place.of(0, Jobs.idAt(java.time.Instant.ofEpochMilli(n)));
  }

  @Test
  void a_claim_begins_at_the_head_unless_that_was_slow_just_now() {
    assertThat(water.begin("w", "l", 0)).isEqualTo(Place.HEAD);
    Place one = place(1);
    water.slow("w", "l", one, 1_000, 100);
    assertThat(water.begin("w", "l", 1_500)).isEqualTo(one);
    assertThat(water.begin("w", "l", 1_501)).isEqualTo(Place.HEAD);
    assertThat(water.begin("w", "other", 1_001)).isEqualTo(Place.HEAD);
  }

  @Test
  void a_mark_moves_on_and_goes_when_a_look_is_quick_again() {
    water.advance("w", "l", place(1));
    assertThat(water.begin("w", "l", 0)).isEqualTo(Place.HEAD);
    Place two = place(2);
    water.slow("w", "l", place(1), 0, 100);
    water.advance("w", "l", two);
    assertThat(water.begin("w", "l", 1)).isEqualTo(two);
    water.quick("w", "l");
    assertThat(water.begin("w", "l", 1)).isEqualTo(Place.HEAD);
  }

  @Test
  void what_lies_before_the_mark_is_found_when_there_is_too_little_after_it() {
    PostgresStore store = (PostgresStore) bench.store();
    Job before = bench.accepted(job("w"));
    Job first = bench.accepted(job("w"));
    Job second = bench.accepted(job("w"));
    store.lowWater().slow("w", first.lane(), Place.of(0, first.id()), System.nanoTime(), HOUR);

    assertThat(ids(bench.claim("w", 1))).containsExactly(first.id());
    assertThat(store.reader().ready(Set.of("w"))).containsExactly("w");
    assertThat(ids(bench.claim("w", 4))).containsExactly(second.id(), before.id());
    assertThat(store.reader().ready(Set.of("w"))).isEmpty();
    assertThat(bench.claim("w", 4)).isEmpty();
  }

  @Test
  void rows_that_an_old_snapshot_may_see_are_counted() throws Exception {
    bench.store();
    List<Command> many = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      many.add(new Command.Submit(job("w").build(bench.now()), false));
    }
    bench.store().commit(many);
    try (Connection old = TestDatabase.connect();
        Statement statement = old.createStatement()) {
      old.setAutoCommit(false);
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute("SELECT count(*) FROM coatcheck.ready");
      assertThat(bench.claim("w", 256)).hasSize(256);
      assertThat(passed(Place.HEAD)).isGreaterThanOrEqualTo(256);
      assertThat(passed(Place.of(0, Jobs.idAt(bench.now().plusSeconds(60))))).isZero();
    }
  }

  /** How many entries a look for one job goes through. */
  private static long passed(Place from) throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(Pool.PLANS);
      Session session = new Session(connection);
      session
          .bind(Sql.CLAIM, 1)
          .text("w")
          .number(0)
          .array("text", new Object[] {StoreBench.TENANT.value()})
          .array("smallint", new Object[] {from.rank()})
          .array("uuid", new Object[] {from.id()})
          .list(row -> row.id());
      try (ResultSet rows = statement.executeQuery(Sql.PASSED.text())) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static List<JobId> ids(List<Grant> grants) {
    return grants.stream().map(grant -> grant.token().job()).toList();
  }
}
