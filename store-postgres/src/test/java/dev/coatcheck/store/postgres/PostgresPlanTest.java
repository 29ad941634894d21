package dev.coatcheck.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How PostgreSQL goes about the statements, with parameters that it does not know. */
final class PostgresPlanTest {

  /** By the index meant for it. */
  private static final Map<Sql, String> INDEXES =
      Map.ofEntries(
          Map.entry(Sql.CLAIM, "ready_pkey"),
          Map.entry(Sql.AHEAD, "ready_pkey"),
          Map.entry(Sql.FIRST_READY, "ready_pkey"),
          Map.entry(Sql.READY_LANES, "ready_pkey"),
          Map.entry(Sql.OLDEST_READY, "ready_pkey"),
          Map.entry(Sql.STAGE_DUE, "waiting_due"),
          Map.entry(Sql.NEXT_STAGE, "ready_watched"),
          Map.entry(Sql.SETTLE, "lease_pkey"),
          Map.entry(Sql.LOCK_LEASES, "lease_pkey"),
          Map.entry(Sql.HEAD, "lease_jobs"),
          Map.entry(Sql.JOB, "lease_jobs"),
          Map.entry(Sql.LAST_GRANT, "lease_jobs"),
          Map.entry(Sql.PROGRESSED, "lease_jobs"),
          Map.entry(Sql.LOCK_ENDED, "lease_wake"),
          Map.entry(Sql.LOCK_UNANSWERED, "waiting_due"),
          Map.entry(Sql.NEXT_RESCUE, "lease_wake"),
          Map.entry(Sql.HELD_BY, "lease_local"),
          Map.entry(Sql.LIST_ALL, "_tenant_id_idx"),
          Map.entry(Sql.LIST_BY_WORKER, "_tenant_worker_id_idx"),
          Map.entry(Sql.LIST_DONE, "_tenant_worker_status_id_idx"),
          Map.entry(Sql.PULSE, "ready_pkey"),
          Map.entry(Sql.PRUNE_DUE, "_expires_at_idx"),
          Map.entry(Sql.NEXT_PRUNE, "_expires_at_idx"),
          Map.entry(Sql.CLEAN_ROWS, "course_pkey"),
          Map.entry(Sql.OPEN_OF_SCHEDULE, "_tenant_schedule_id_idx"),
          Map.entry(Sql.OPEN_BY_KEY, "open_key_pkey"),
          Map.entry(Sql.FIND_KEY, "idempotency_pkey"),
          Map.entry(Sql.NOTES, "event_pkey"),
          Map.entry(Sql.LETTERS, "dead_letter_newest"),
          Map.entry(Sql.LETTERS_OF, "dead_letter_kind"),
          Map.entry(Sql.LETTERS_ALIKE, "dead_letter_alike"),
          Map.entry(Sql.COUNT_LETTERS, "dead_letter_newest"),
          Map.entry(Sql.COUNT_LETTERS_OF, "dead_letter_kind"),
          Map.entry(Sql.COUNT_LETTERS_ALIKE, "dead_letter_alike"),
          Map.entry(Sql.LETTER_KINDS, "dead_letter_kind"),
          Map.entry(Sql.LETTER_GROUPS, "dead_letter_alike"),
          Map.entry(Sql.LETTER_GROUP, "dead_letter_alike"),
          Map.entry(Sql.LETTER, "dead_letter_pkey"),
          Map.entry(Sql.LOCK_LETTER, "dead_letter_pkey"),
          Map.entry(Sql.LOCK_OPERATION, "operation_pkey"),
          Map.entry(Sql.OPEN_OPERATIONS, "operation_open"),
          Map.entry(Sql.ATTEMPTS, "attempt_pkey"));

  /** Asked so seldom that a scan may be the better way while there is little. */
  private static final Set<Sql> RARE = Set.of(Sql.HELD_BY);

  private final PostgresBench bench = new PostgresBench();

  @BeforeEach
  void open() {
    bench.store();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void every_named_statement_is_used_and_fits_the_schema() throws Exception {
    assertThat(Sql.unused()).isEmpty();
    try (Connection connection = TestDatabase.connect()) {
      for (Sql sql : Sql.values()) {
        if (sql.text().contains(":day")) {
          continue; // on tables that come and go: run by the test of days
        }
        connection.prepareStatement(literal(sql)).getParameterMetaData();
      }
    }
  }

  @Test
  void hot_statements_go_by_their_index_whatever_their_parameters_are() throws Exception {
    load();
    List<String> wrong = new ArrayList<>();
    try (Connection connection = TestDatabase.connect("&preferQueryMode=simple");
        Statement statement = connection.createStatement()) {
      statement.execute(Pool.PLANS);
      for (Map.Entry<Sql, String> entry : INDEXES.entrySet()) {
        String plan = plan(statement, entry.getKey());
        if (!plan.contains(entry.getValue())) {
          wrong.add(entry.getKey() + " goes without " + entry.getValue() + "\n" + plan);
        }
        for (String large :
            List.of("ready", "job_20260304", "done_20260304", "lease", "dead_letter")) {
          if (plan.contains("Seq Scan on " + large) && !RARE.contains(entry.getKey())) {
            wrong.add(entry.getKey() + " scans " + large + "\n" + plan);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String literal(Sql sql) {
    return sql.text().replace(":limit", "64").replace(":table", "course").replace(":key", "job");
  }

  private static String plan(Statement statement, Sql sql) throws SQLException {
    String numbered = literal(sql);
    for (int place : sql.places()) {
      numbered = numbered.replaceFirst("\\?", "\\$" + (place + 1));
    }
    StringBuilder plan = new StringBuilder();
    try (ResultSet rows = statement.executeQuery("EXPLAIN (GENERIC_PLAN) " + numbered)) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }

  /** As many rows as make an index worth while. */
  private void load() throws SQLException {
    Instant now = bench.now();
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      String job =
          "(lpad(to_hex((%d + n) << 16), 16, '0') || lpad(to_hex(n), 16, '0'))::uuid"
              .formatted(now.toEpochMilli());
      bench.accepted(dev.coatcheck.testkit.Jobs.job("w"));
      statement.execute(
          "INSERT INTO coatcheck.job (id, tenant, worker, worker_version, max_attempts, priority, lane, scheduled,"
              + " ready_at, run_timeout_ms, deadline_at, input, metadata, reuse, cached) SELECT "
              + job
              + ", 't' || n % 5, 'w' || n % 7, 1, 1, 0, '', false, 0, 1, 1, '', '', 0, false FROM generate_series(1, 20000) n");
      statement.execute(
          "INSERT INTO coatcheck.ready SELECT 'w' || n % 7, 'l' || n % 20, 0, "
              + job
              + ", 1, 0, false, false, n % 100 = 0, 0, 9e12 FROM generate_series(1, 10000) n");
      statement.execute(
          "INSERT INTO coatcheck.done (id, tenant, worker, status, fence, attempt, finished_at, expires_at) SELECT "
              + job
              + ", 't' || n % 5, 'w' || n % 7, 'succeeded', 3, 1, n, n FROM generate_series(10001, 18000) n");
      statement.execute(
          "INSERT INTO coatcheck.lease (id, worker, runner, local, granted_at, wake_at, jobs, fences, attempts) SELECT "
              + job
              + ", 'w', ('00000000-0000-0000-0000-00000000000' || n % 9)::uuid, n % 2 = 0, 0,"
              + " CASE WHEN n % 2 = 1 THEN n END, ARRAY["
              + job
              + "], ARRAY[2], ARRAY[1] FROM generate_series(18001, 20000) n");
      statement.execute(
          "INSERT INTO coatcheck.waiting SELECT "
              + job
              + ", 'w', false, 1, 0, false, 'backoff', n, NULL, n FROM generate_series(30000, 35000) n");
      statement.execute(
          "INSERT INTO coatcheck.open_key SELECT 't', 'w', n::text, "
              + job
              + " FROM generate_series(1, 5000) n");
      statement.execute(
          "INSERT INTO coatcheck.idempotency SELECT 't', n::text::bytea, '', "
              + job
              + ", 0 FROM generate_series(1, 5000) n");
      statement.execute(
          "INSERT INTO coatcheck.dead_letter (job, tenant, worker, code, reason, fingerprint, failed_at, state) SELECT "
              + job
              + ", 't' || n % 2, 'w' || n % 7, 'c' || n % 3, 'permanent', md5((n % 50)::text), n,"
              + " CASE WHEN n % 5 = 0 THEN 'redriven' ELSE 'open' END FROM generate_series(1, 20000) n");
      statement.execute(
          "INSERT INTO coatcheck.operation (id, tenant, kind, filter, matched, created_at, due_at, finished_at) SELECT "
              + job
              + ", 't', 'cancel', '', 0, n, n, CASE WHEN n % 100 > 0 THEN n END FROM generate_series(1, 5000) n");
      statement.execute("ANALYZE");
    }
  }
}
