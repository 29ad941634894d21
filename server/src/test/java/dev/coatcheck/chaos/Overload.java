package dev.coatcheck.chaos;

import dev.coatcheck.chaos.History.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * I19: a server that cannot keep says so: 503 with {@code Retry-After} and nothing else, and within
 * two seconds it is not ready.
 */
final class Overload implements Invariant {

  private static final long READY_WITHIN = TimeUnit.SECONDS.toNanos(2);

  @Override
  public List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    for (Line line : evidence.history().lines()) {
      long http = line.number("http");
      if (http >= 500 && http != 503) {
        found.add(Violation.of("I19", "a failure of the server's own", line));
      } else if (http == 503 && line.data().path("retry_after").isMissingNode()) {
        found.add(Violation.of("I19", "a 503 that does not say when to come back", line));
      }
    }
    checkReady(evidence, found);
    return found;
  }

  /** While the store refuses, from two seconds after it first did, nobody is told "ready". */
  private static void checkReady(Evidence evidence, List<Violation> found) {
    List<Line> nemesis =
        evidence.history().lines().stream()
            .filter(line -> line.witness().equals(Evidence.NEMESIS))
            .toList();
    for (Line begin : nemesis) {
      if (!begin.what().equals("refusing")) {
        continue;
      }
      long until =
          nemesis.stream()
              .filter(line -> line.what().equals("mended") && line.t() > begin.t())
              .mapToLong(Line::t)
              .findFirst()
              .orElse(Long.MAX_VALUE);
      evidence.history().all(Evidence.CLIENT, "ready").stream()
          .filter(line -> line.t0() > begin.t() + READY_WITHIN && line.t() < until)
          .filter(Line::ok)
          .findFirst()
          .ifPresent(line ->
              found.add(Violation.of("I19", "told ready while the store refuses", begin, line)));
    }
  }
}
