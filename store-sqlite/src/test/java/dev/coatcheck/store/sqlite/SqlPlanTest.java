package dev.coatcheck.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How SQLite goes about the statements: by the index meant for it, without a scan or a sort. */
final class SqlPlanTest {

  private static final Map<Sql, String> INDEXES =
      Map.ofEntries(
          Map.entry(Sql.CLAIM, "job_ready"),
          Map.entry(Sql.CLAIM_REMOTE, "job_ready"),
          Map.entry(Sql.AHEAD, "job_ready"),
          Map.entry(Sql.STAGE_DUE, "job_wake"),
          Map.entry(Sql.NEXT_STAGE, "job_wake"),
          Map.entry(Sql.RESCUE_DUE, "job_wake"),
          Map.entry(Sql.NEXT_RESCUE, "job_wake"),
          Map.entry(Sql.EXTEND_REMOTE, "job_wake"),
          Map.entry(Sql.PRUNE_DUE, "job_wake"),
          Map.entry(Sql.NEXT_PRUNE, "job_wake"),
          Map.entry(Sql.LIST_ALL, "job_of_tenant"),
          Map.entry(Sql.TENANT_WORKERS, "job_of_worker"),
          Map.entry(Sql.LIST_BY_WORKER, "job_of_worker"),
          Map.entry(Sql.LIST_BY_WORKER_STATUS, "job_of_worker"),
          Map.entry(Sql.LIST_BY_TAG, "PRIMARY KEY"),
          Map.entry(Sql.HEAD, "sqlite_autoindex_job_1"),
          Map.entry(Sql.JOB, "sqlite_autoindex_job_1"),
          Map.entry(Sql.LISTED_JOB, "sqlite_autoindex_job_1"),
          Map.entry(Sql.RENEW, "sqlite_autoindex_job_1"),
          Map.entry(Sql.OPEN_BY_KEY, "job_open_key"),
          Map.entry(Sql.OPEN_RETRY, "sqlite_autoindex_job_1"),
          Map.entry(Sql.COMPLETE, "INTEGER PRIMARY KEY"),
          Map.entry(Sql.FAIL, "INTEGER PRIMARY KEY"),
          Map.entry(Sql.PARK, "INTEGER PRIMARY KEY"),
          Map.entry(Sql.APPEND, "INTEGER PRIMARY KEY"),
          Map.entry(Sql.NOTES, "PRIMARY KEY"),
          Map.entry(Sql.ATTEMPTS, "PRIMARY KEY"),
          Map.entry(Sql.FIND_KEY, "PRIMARY KEY"),
          Map.entry(Sql.ORPHAN_KEYS, "idempotency_job"),
          Map.entry(Sql.FORGET_KEYS, "idempotency_until"),
          Map.entry(Sql.FORGET_PRUNED, "pruned_until"),
          Map.entry(Sql.DUE_SCHEDULES, "schedule_next"),
          Map.entry(Sql.NEXT_SCHEDULE, "schedule_next"),
          Map.entry(Sql.OPEN_OF_SCHEDULE, "job_of_schedule"),
          Map.entry(Sql.FREE_LOCAL, "job_of_worker"),
          Map.entry(Sql.HELD_BY, "job_of_worker"),
          Map.entry(Sql.LETTERS, "dead_letter_newest"),
          Map.entry(Sql.LETTERS_OF, "dead_letter_kind"),
          Map.entry(Sql.LETTERS_ALIKE, "dead_letter_alike"),
          Map.entry(Sql.COUNT_LETTERS, "COVERING INDEX dead_letter_newest"),
          Map.entry(Sql.COUNT_LETTERS_OF, "COVERING INDEX dead_letter_kind"),
          Map.entry(Sql.COUNT_LETTERS_ALIKE, "COVERING INDEX dead_letter_alike"),
          Map.entry(Sql.LETTER_KINDS, "COVERING INDEX dead_letter_kind"),
          Map.entry(Sql.LETTER_GROUPS, "COVERING INDEX dead_letter_alike"),
          Map.entry(Sql.LETTER_GROUP, "COVERING INDEX dead_letter_alike"),
          Map.entry(Sql.LETTER, "job_of_tenant"),
          Map.entry(Sql.COUNT_OPEN, "COVERING INDEX job_of_worker"),
          Map.entry(Sql.FORGET_OPERATIONS, "operation_over"),
          Map.entry(Sql.OPEN_JOBS, "job_of_worker"));

  @TempDir private Path directory;
  private SqliteBench bench;

  @BeforeEach
  void place() {
    bench = new SqliteBench(directory);
    bench.store();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void every_named_statement_is_used_and_fits_the_schema() throws Exception {
    assertThat(Sql.unused()).isEmpty();
    try (Connection connection = Connections.reader(bench.file())) {
      for (Sql sql : Sql.values()) {
        connection.prepareStatement(sql.text()).close();
      }
    }
  }

  @Test
  void hot_statements_use_their_index() throws Exception {
    for (Map.Entry<Sql, String> entry : INDEXES.entrySet()) {
      assertThat(String.join("\n", plan(entry.getKey())))
          .as(entry.getKey().name())
          .contains("SEARCH")
          .contains(entry.getValue())
          .doesNotContain("SCAN dead_letter");
    }
  }

  @Test
  void no_statement_scans_or_sorts_jobs() throws Exception {
    for (Sql sql : Sql.values()) {
      List<String> plan = plan(sql);
      assertThat(plan)
          .as(sql.name())
          .noneMatch(
              line -> line.matches("SCAN (job|payload|attempt|event|idempotency)( USING.*)?"))
          .noneMatch(line -> line.contains("TEMP B-TREE"));
    }
  }

  private List<String> plan(Sql sql) throws SQLException {
    List<String> plan = new ArrayList<>();
    try (Connection connection = Connections.reader(bench.file());
        PreparedStatement explain =
            connection.prepareStatement("EXPLAIN QUERY PLAN " + sql.text());
        ResultSet rows = explain.executeQuery()) {
      while (rows.next()) {
        plan.add(rows.getString("detail"));
      }
    }
    return plan;
  }
}
