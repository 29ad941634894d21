package dev.coatcheck.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Durations and instants as a person says them. */
public final class Times {

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Times() {}

  /** For example {@code 3 ms}, {@code 2.4 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
  public static String duration(long millis) {
    if (millis < 1000) {
      return Math.max(0, millis) + " ms";
    }
    if (millis < 59_950) {
      String seconds = String.format(Locale.ROOT, "%.1f", millis / 1000.0);
      return (seconds.endsWith(".0") ? seconds.substring(0, seconds.length() - 2) : seconds) + " s";
    }
    Duration d = Duration.ofSeconds(Math.round(millis / 1000.0));
    if (d.toHours() < 1) {
      return two(d.toMinutes(), "min", d.toSecondsPart(), "s");
    }
    if (d.toDays() < 2) {
      return two(d.toHours(), "h", d.toMinutesPart(), "min");
    }
    return two(d.toDays(), "d", d.toHoursPart(), "h");
  }

  /** A short time with one decimal, for example {@code 2.4 ms}. */
  public static String exact(long nanos) {
    double millis = nanos / 1e6;
    return millis < 100
        ? String.format(Locale.ROOT, "%.1f ms", millis)
        : duration(Math.round(millis));
  }

  /** The time of day, with the date unless it is today, and how far away it is. */
  public static String instant(Instant at, Instant now, ZoneId zone) {
    boolean today = at.atZone(zone).toLocalDate().equals(now.atZone(zone).toLocalDate());
    return (today ? CLOCK : DAY).format(at.atZone(zone)) + " (" + distance(at, now) + ")";
  }

  /** For example {@code 2 min 3 s ago}, {@code in 4 s}, {@code now}. */
  public static String distance(Instant at, Instant now) {
    long millis = Duration.between(now, at).toMillis();
    if (Math.abs(millis) < 1000) {
      return "now";
    }
    String whole = duration(Math.abs(millis) / 1000 * 1000);
    return millis < 0 ? whole + " ago" : "in " + whole;
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }
}
