package dev.coatcheck.chaos;

import dev.coatcheck.chaos.History.Line;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A time without a primary, as clients saw it; all in milliseconds.
 *
 * @param withoutPrimary from the kill until another server took changes
 * @param gap from the kill to the first acknowledgment after it
 * @param found from when a server took changes to that acknowledgment
 * @param refused submissions that were answered 503 meanwhile
 * @param unanswered submissions without an answer
 * @param slowest the longest that an answer to a submission took meanwhile
 */
record Outage(
    long withoutPrimary, long gap, long found, int refused, int unanswered, long slowest) {

  /**
   * Two moments, in nanoseconds of the witnesses' clock.
   *
   * @param killed the last process of the primary is gone
   * @param writable another server takes changes
   */
  record Span(long killed, long writable) {}

  static Outage of(Span span, History history) {
    List<Line> submits = history.all(Evidence.CLIENT, "submit");
    long first =
        submits.stream()
            .filter(line -> line.ok() && line.t0() > span.killed())
            .mapToLong(Line::t)
            .min()
            .orElseThrow();
    List<Line> meanwhile =
        submits.stream()
            .filter(line -> line.t() > span.killed() && line.t0() < span.writable())
            .toList();
    return new Outage(
        millis(span.writable() - span.killed()),
        millis(first - span.killed()),
        Math.max(0, millis(first - span.writable())),
        (int) meanwhile.stream().filter(line -> line.number("http") == 503).count(),
        (int) meanwhile.stream().filter(line -> line.number("http") == 0).count(),
        millis(meanwhile.stream().mapToLong(line -> line.t() - line.t0()).max().orElse(0)));
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
