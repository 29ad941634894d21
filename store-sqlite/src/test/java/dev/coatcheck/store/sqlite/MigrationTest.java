package dev.coatcheck.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.Statements;
import dev.coatcheck.testkit.StoreBench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of an earlier schema is brought to the present one with everything that is in it. */
final class MigrationTest {

  private static final String JOB =
      "INSERT INTO job (seq, id, tenant, worker, worker_version, status, fence, attempt,"
          + " max_attempts, priority, lane, run_timeout_ms, deadline_at, ready_at, input";

  @TempDir private Path directory;
  private SqliteBench bench;

  @BeforeEach
  void place() {
    bench = new SqliteBench(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void the_second_schema_had_attempts_without_suspensions() throws Exception {
    JobId waits = JobId.of(bench.now(), 1, 1);
    JobId runs = JobId.of(bench.now(), 1, 2);
    LeaseToken held = new LeaseToken(runs, 4, 5, 6);
    write(
        2,
        statement -> {
          long now = bench.now().toEpochMilli();
          String ends = ", 5, 0, 'default', 60000, " + (now + 900_000) + ", " + now + ", x'7b7d'";
          statement.execute(
              JOB
                  + ") VALUES (1, "
                  + hex(waits)
                  + ", 'default', 'w', 1, 'queued', 3, 1"
                  + ends
                  + ")");
          statement.execute("UPDATE job SET wake_at = deadline_at WHERE seq = 1");
          statement.execute(
              "INSERT INTO attempt (job, fence, number, state, runner, started_at, finished_at)"
                  + " VALUES (1, 2, 1, 'failed', zeroblob(16), "
                  + now
                  + ", "
                  + (now + 5)
                  + ")");
          statement.execute(
              JOB
                  + ", runner, lease_secret, lease_until, wake_at, started_at, attempt_started_at)"
                  + " VALUES (2, "
                  + hex(runs)
                  + ", 'default', 'w', 1, 'running', 4, 2"
                  + ends
                  + ", "
                  + hex(StoreBench.REMOTE.high(), StoreBench.REMOTE.low())
                  + ", "
                  + hex(5, 6)
                  + ", "
                  + (now + 30_000)
                  + ", "
                  + (now + 30_000)
                  + ", "
                  + now
                  + ", "
                  + now
                  + ")");
          statement.execute(
              "INSERT INTO event (job, id, at, kind, text, epoch, position)"
                  + " VALUES (2, 4000001, "
                  + now
                  + ", 'output', 'one\\n', 2, 0)");
        });

    assertThat(bench.attempts(waits))
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.FAILED);
    assertThat(bench.store().reader().standing(held)).isInstanceOf(Standing.Held.class);
    assertThat(bench.store().renew(StoreBench.REMOTE, List.of(held), StoreBench.LEASE))
        .allMatch(one -> one.held());
    assertThat(bench.events(runs))
        .anyMatch(event ->
            event instanceof JobEvent.Output output && output.chunks().equals(List.of("one\\n")));
    Grant next = bench.claimOne("w");
    assertThat(next.grants()).isEqualTo(2);
    assertThat(bench.complete(next, "1")).isInstanceOf(Result.Settled.class);
    assertThat(bench.job(waits).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(bench.phase(runs)).isEqualTo(Phase.RUNNING);
  }

  private interface Rows {
    void into(Statement statement) throws SQLException;
  }

  private void write(int schema, Rows rows) throws Exception {
    Files.createDirectories(bench.file().getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + bench.file());
        Statement statement = connection.createStatement()) {
      for (String step : Migrations.STEPS.subList(0, schema)) {
        for (String sql : Statements.script(Sql.resource("migration/" + step))) {
          statement.execute(sql);
        }
      }
      statement.execute("PRAGMA application_id = " + Migrations.APPLICATION_ID);
      statement.execute("PRAGMA user_version = " + schema);
      rows.into(statement);
    }
  }

  private static String hex(JobId id) {
    return hex(id.high(), id.low());
  }

  private static String hex(long high, long low) {
    return String.format("x'%016x%016x'", high, low);
  }
}
