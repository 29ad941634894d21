package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I13;

import dev.coatcheck.job.Job;
import dev.coatcheck.worker.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * I13: nothing starts before its {@code run_at} or its next attempt's time in store time; waits
 * between attempts lie between zero and the bound of the retry policy, spread over it. The bound on
 * the spread is one that honest dice pass: of at least {@link #ENOUGH} waits no tenth of the range
 * holds four fifths.
 */
final class TimeRule {

  static final int ENOUGH = 16;

  private static final int BINS = 10;

  private final History history;
  private final List<Double> waits = new ArrayList<>();

  TimeRule(History history) {
    this.history = history;
  }

  void started(JobFile file, Job before, Instant now) {
    notBefore(file, before.times().runAt(), now, "run_at");
    notBefore(file, before.times().nextAttemptAt(), now, "next attempt");
  }

  private void notBefore(JobFile file, @Nullable Instant earliest, Instant now, String what) {
    history.require(
        earliest == null || !now.isBefore(earliest),
        I13,
        () -> "%s started %s before its %s"
            .formatted(file.alias, Duration.between(now, earliest), what));
  }

  /** An attempt failed, and the job waits for this long. */
  void backsOff(JobFile file, int attempt, Duration delay, RetryPolicy retry, Duration floor) {
    Duration bound = retry.bound(attempt);
    Duration most = floor.isZero() ? bound : floor.plus(bound.dividedBy(10));
    history.require(
        delay.compareTo(floor) >= 0 && delay.compareTo(most) <= 0,
        I13,
        () -> "%s waits %s after attempt %d, of at most %s"
            .formatted(file.alias, delay, attempt, most));
    if (floor.isZero() && bound.toMillis() >= 100) {
      waits.add((double) delay.toMillis() / bound.toMillis());
    }
  }

  /** Whether the waits of the whole run are spread. */
  void spread() {
    if (waits.size() < ENOUGH) {
      return;
    }
    int[] bins = new int[BINS];
    for (double wait : waits) {
      bins[(int) Math.min(BINS - 1.0, wait * BINS)]++;
    }
    for (int bin = 0; bin < BINS; bin++) {
      int place = bin;
      history.require(
          bins[bin] * 5 < waits.size() * 4,
          I13,
          () -> "%d of %d waits lie in the same tenth (%d)"
              .formatted(bins[place], waits.size(), place));
    }
  }
}
