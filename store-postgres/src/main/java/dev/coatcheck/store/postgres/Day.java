package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/**
 * A day that jobs were created on, by UTC.
 *
 * @param dirty whether there may be rows left of jobs that went with it
 */
record Day(LocalDate date, boolean dirty) {

  private static final DateTimeFormatter NAME = DateTimeFormatter.BASIC_ISO_DATE;

  static Day of(LocalDate date) {
    return new Day(date, false);
  }

  static LocalDate date(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  /** As it stands in the names of its partitions. */
  String name() {
    return NAME.format(date);
  }

  /** The smallest id of the day. */
  UUID first() {
    return first(date);
  }

  /** The smallest id of the next day. */
  UUID until() {
    return first(date.plusDays(1));
  }

  Instant begin() {
    return begin(date);
  }

  private static UUID first(LocalDate date) {
    return Uuids.of(JobId.floor(begin(date)));
  }

  private static Instant begin(LocalDate date) {
    return date.atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  /** Makes a table the partition of this day. */
  String attach(String parent, String table) {
    return "ALTER TABLE coatcheck.%s ATTACH PARTITION coatcheck.%s FOR VALUES FROM ('%s') TO ('%s')"
        .formatted(parent, table, first(), until());
  }
}
