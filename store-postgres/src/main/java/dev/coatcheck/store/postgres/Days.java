package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Partitions of jobs and their ends by the day of creation, made before the first job of a day. */
final class Days {

  private static final DateTimeFormatter NAME = DateTimeFormatter.BASIC_ISO_DATE;

  private final Pool pool;
  private final Set<LocalDate> known = ConcurrentHashMap.newKeySet();

  Days(Pool pool) {
    this.pool = pool;
  }

  /** Makes sure that jobs with these ids can be stored. */
  void prepare(Collection<JobId> ids) throws SQLException {
    Set<LocalDate> missing = new TreeSet<>();
    for (JobId id : ids) {
      LocalDate day = day(id.createdAt());
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
    LocalDate today = day(now);
    for (LocalDate day : List.of(today, today.plusDays(1))) {
      if (!known.contains(day)) {
        make(day);
      }
    }
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  private void make(LocalDate day) throws SQLException {
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('coatcheck days', 0))");
      for (String table : List.of("job", "done")) {
        make(statement, table, day);
      }
      connection.commit();
    }
    known.add(day);
  }

  /**
   * Made beside and attached, which holds up nobody; made as a partition it would lock the whole.
   */
  private static void make(Statement statement, String table, LocalDate day) throws SQLException {
    String name = "coatcheck." + table + "_" + NAME.format(day);
    try (ResultSet rows = statement.executeQuery("SELECT to_regclass('" + name + "')")) {
      if (rows.next() && rows.getString(1) != null) {
        return;
      }
    }
    statement.execute("CREATE TABLE " + name + " (LIKE coatcheck." + table + " INCLUDING ALL)");
    statement.execute(
        "ALTER TABLE coatcheck.%s ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')"
            .formatted(table, name, first(day), first(day.plusDays(1))));
  }

  private static UUID first(LocalDate day) {
    return Uuids.of(JobId.floor(day.atStartOfDay().toInstant(ZoneOffset.UTC)));
  }
}
