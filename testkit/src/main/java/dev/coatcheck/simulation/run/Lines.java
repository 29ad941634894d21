package dev.coatcheck.simulation.run;

import java.time.Duration;
import java.util.Locale;

/** Lines of the reliability page, and figures as people read them. */
final class Lines {

  private final StringBuilder text = new StringBuilder();

  Lines(String title, String about) {
    text.append("## ").append(title).append("\n\n").append(about.strip()).append("\n\n");
  }

  /** Begins a table. */
  Lines head(String... columns) {
    row(columns);
    return row("---", columns.length);
  }

  private Lines row(String cell, int times) {
    text.append("|").repeat(cell + "|", times).append('\n');
    return this;
  }

  Lines row(String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    return this;
  }

  Lines row(String what, long count) {
    return row(what, number(count));
  }

  Lines blank() {
    text.append('\n');
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String days(long millis) {
    return in(Duration.ofDays(1), "%,.1f days", millis);
  }

  static String hours(long millis) {
    return in(Duration.ofHours(1), "%,.2f hours", millis);
  }

  private static String in(Duration unit, String format, long millis) {
    return String.format(Locale.ROOT, format, millis / (double) unit.toMillis());
  }

  static String origin(ResultFile.Origin origin) {
    return origin.commit() + ", " + origin.machine() + ", " + origin.date();
  }
}
