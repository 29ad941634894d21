package dev.coatcheck.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Counts rows against each other: what must hold of the tables whatever happened. */
final class Census {

  private static final List<String> RULES =
      List.of(
          // Each job is in exactly one place.
          """
          SELECT 'in ' || count(*) || ' places: ' || id FROM (
            SELECT id FROM coatcheck.job
            UNION ALL SELECT id FROM coatcheck.done
            UNION ALL SELECT id FROM coatcheck.ready
            UNION ALL SELECT id FROM coatcheck.waiting
            UNION ALL SELECT member FROM coatcheck.lease CROSS JOIN LATERAL unnest(jobs) AS m (member)
              WHERE NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = member)) AS place
          GROUP BY id HAVING count(*) <> 2
          """,
          // Members of a lease have a fence and an attempt each.
          """
          SELECT 'crooked lease ' || id FROM coatcheck.lease
          WHERE cardinality(jobs) <> cardinality(fences) OR cardinality(jobs) <> cardinality(attempts)
          """,
          // An open job's unique key is taken by it, a finished one's is not.
          """
          SELECT 'key of ' || job.id || ' is ' || coalesce(open_key.job::text, 'free') FROM coatcheck.job
          LEFT JOIN coatcheck.open_key ON open_key.job = job.id
          WHERE (open_key.job IS NOT NULL) <>
            (unique_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = job.id))
          """,
          // Counters are what can be counted.
          """
          SELECT 'counter of ' || worker || ' is off: ' || told || ', not ' || real FROM (
            SELECT worker, ROW(sum(ready), sum(waiting), sum(running), sum(suspended), sum(following), sum(dead_letters))::text AS told,
              ROW((SELECT count(*)::numeric FROM coatcheck.ready r WHERE r.worker = c.worker),
                (SELECT count(*)::numeric FROM coatcheck.waiting w WHERE w.worker = c.worker AND NOT suspended AND flight IS NULL),
                (SELECT count(*)::numeric FROM coatcheck.lease l CROSS JOIN LATERAL unnest(jobs) AS m (member)
                  WHERE l.worker = c.worker AND NOT EXISTS (SELECT 1 FROM coatcheck.done WHERE done.id = member)),
                (SELECT count(*)::numeric FROM coatcheck.waiting w WHERE w.worker = c.worker AND suspended),
                (SELECT count(*)::numeric FROM coatcheck.waiting w WHERE w.worker = c.worker AND flight IS NOT NULL),
                (SELECT count(*)::numeric FROM coatcheck.dead_letter d WHERE d.worker = c.worker AND d.state = 'open')
              )::text AS real
            FROM coatcheck.counter c GROUP BY worker) AS both_sides
          WHERE told <> real
          """,
          // What a suspended job goes on with is kept, and only as long as it is open.
          """
          SELECT 'suspension of ' || suspension.job FROM coatcheck.suspension
          JOIN coatcheck.done ON done.id = suspension.job
          """,
          // Grants that ended stand under fences of their own, below the present one.
          """
          SELECT 'fence ' || attempt.fence || ' of ' || attempt.job FROM coatcheck.attempt
          JOIN coatcheck.standing ON standing.id = attempt.job WHERE attempt.fence >= standing.fence
          """);

  private Census() {}

  /** What does not hold; empty if all is well. */
  static List<String> faults() throws SQLException {
    List<String> faults = new ArrayList<>();
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      for (String rule : RULES) {
        try (ResultSet rows = statement.executeQuery(rule)) {
          while (rows.next()) {
            faults.add(rows.getString(1));
          }
        }
      }
    }
    return faults;
  }
}
