package dev.coatcheck.chaos;

import dev.coatcheck.job.JobId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The database of a cluster, seen from outside of all servers. */
final class ClusterDatabase {

  private static final String OPEN =
      "SELECT (SELECT count(*) FROM coatcheck.job) - (SELECT count(*) FROM coatcheck.done)";

  /** What is wrong if it counts anything. */
  private static final List<String> RULES =
      List.of(
          "SELECT 'ready', count(*) FROM coatcheck.ready",
          "SELECT 'waiting', count(*) FROM coatcheck.waiting",
          "SELECT 'ends without a job', count(*) FROM coatcheck.done"
              + " WHERE NOT EXISTS (SELECT 1 FROM coatcheck.job WHERE job.id = done.id)",
          "SELECT 'held and not done', count(*) FROM coatcheck.lease, unnest(jobs) AS held (id)"
              + " WHERE NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = held.id)",
          "SELECT 'counted as ready', sum(ready)::bigint FROM coatcheck.counter",
          "SELECT 'counted as waiting', sum(waiting)::bigint FROM coatcheck.counter",
          "SELECT 'counted as running', sum(running)::bigint FROM coatcheck.counter",
          "SELECT 'failed for another reason than losses', count(*) FROM coatcheck.done"
              + " WHERE status <> 'succeeded' AND error_code <> 'runner_lost'",
          "SELECT 'attempts after the end', count(*) FROM coatcheck.attempt"
              + " JOIN coatcheck.done ON done.id = attempt.job WHERE attempt.fence >= done.fence");

  /**
   * How all jobs have ended.
   *
   * @param again attempts that were lost with a node, whose jobs ran again
   */
  record Ends(long jobs, long succeeded, long failed, long again) {}

  private final String url;

  ClusterDatabase(String store) {
    this.url = "jdbc:" + store.replace("postgres@", "") + "?user=postgres&ApplicationName=witness";
  }

  private long ask(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Ends every connection that listens; false if the database does not answer. */
  boolean cutListeners() {
    try {
      ask(
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
              + " WHERE application_name = 'coatcheck' AND query LIKE 'LISTEN%'");
      return true;
    } catch (SQLException away) {
      return false;
    }
  }

  /** Waits until every job has ended. */
  Ends awaitEnds(Duration atMost) throws SQLException, InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (ask(OPEN) > 0 && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(500);
    }
    return new Ends(
        ask("SELECT count(*) FROM coatcheck.job"),
        ask("SELECT count(*) FROM coatcheck.done WHERE status = 'succeeded'"),
        ask("SELECT count(*) FROM coatcheck.done WHERE status <> 'succeeded'"),
        ask("SELECT count(*) FROM coatcheck.attempt WHERE state = 'lost'"));
  }

  /** What is wrong, once all has ended and come to rest. */
  List<String> faults(Collection<String> acknowledged) throws SQLException {
    List<String> faults = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String rule : RULES) {
        try (ResultSet rows = statement.executeQuery(rule)) {
          rows.next();
          if (rows.getLong(2) != 0) {
            faults.add(rows.getString(1) + ": " + rows.getLong(2));
          }
        }
      }
      Set<String> lost = new HashSet<>(acknowledged);
      if (lost.size() != acknowledged.size()) {
        faults.add("one job was told to two submissions");
      }
      long jobs = 0;
      statement.setFetchSize(10_000);
      try (ResultSet rows = statement.executeQuery("SELECT id FROM coatcheck.done")) {
        while (rows.next()) {
          jobs++;
          UUID id = rows.getObject(1, UUID.class);
          lost.remove(
              new JobId(id.getMostSignificantBits(), id.getLeastSignificantBits()).toString());
        }
      }
      if (!lost.isEmpty()) {
        faults.add(
            lost.size() + " acknowledged jobs have no end, such as " + lost.iterator().next());
      }
      if (jobs != acknowledged.size()) {
        faults.add(jobs + " jobs of " + acknowledged.size() + " submissions");
      }
    }
    return faults;
  }
}
