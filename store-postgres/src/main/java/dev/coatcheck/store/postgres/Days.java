package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Partitions of jobs and their ends by the day of creation, made before the first job of a day. */
final class Days {

  private final Pool pool;
  private final Set<LocalDate> known = ConcurrentHashMap.newKeySet();

  Days(Pool pool) {
    this.pool = pool;
  }

  /** Makes sure that jobs with these ids can be stored. */
  void prepare(Collection<JobId> ids) throws SQLException {
    Set<LocalDate> missing = new TreeSet<>();
    for (JobId id : ids) {
      LocalDate day = Day.date(id.createdAt());
      if (!known.contains(day)) {
        missing.add(day);
      }
    }
    for (LocalDate day : missing) {
      make(day);
    }
  }

  /** Makes today's and tomorrow's. */
  void prepare(Instant now) throws SQLException {
    LocalDate today = Day.date(now);
    for (LocalDate day : List.of(today, today.plusDays(1))) {
      if (!known.contains(day)) {
        make(day);
      }
    }
  }

  private void make(LocalDate date) throws SQLException {
    Day day = Day.of(date);
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('coatcheck days', 0))");
      for (String table : List.of("job", "done")) {
        make(statement, table, day);
      }
      new Session(connection)
          .bind(Sql.INSERT_DAY)
          .uuid(day.first())
          .uuid(day.until())
          .time(day.begin().plus(OldDays.YOUNG))
          .update();
      connection.commit();
    }
    known.add(date);
  }

  /**
   * Made beside and attached, which holds up nobody; made as a partition it would lock the whole.
   */
  private static void make(Statement statement, String parent, Day day) throws SQLException {
    String name = parent + "_" + day.name();
    try (ResultSet rows = statement.executeQuery("SELECT to_regclass('coatcheck." + name + "')")) {
      if (rows.next() && rows.getString(1) != null) {
        return;
      }
    }
    statement.execute(
        "CREATE TABLE coatcheck.%s (LIKE coatcheck.%s INCLUDING ALL)".formatted(name, parent));
    statement.execute(day.attach(parent, name));
  }
}
