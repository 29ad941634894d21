package dev.coatcheck.schedule;

import java.time.Duration;
import java.time.ZoneId;

/** Which instants a schedule names. */
public sealed interface Timing {

  /** The zone in which a person reads them. */
  ZoneId zone();

  /** Local times by a cron expression of five fields. */
  record Cron(String expression, ZoneId zone) implements Timing {}

  /** Multiples of a period after the schedule's anchor; the zone has no part in them. */
  record Every(Duration period, ZoneId zone) implements Timing {

    public static final Duration SHORTEST = Duration.ofSeconds(1);
    public static final Duration LONGEST = Duration.ofDays(366);

    public Every {
      if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("a period is from 1 s to 366 days");
      }
      if (period.toNanosPart() % 1_000_000 != 0) {
        throw new IllegalArgumentException("a period is of whole milliseconds");
      }
    }
  }
}
