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
 * between attempts lie between zero and the bound of the retry policy, spread over it. The bounds
 * on the spread are ones that honest dice pass: of {@link #MANY} waits or more no tenth of the
 * range holds four fifths, of {@link #SOME} or more no hundredth holds all (one run in 10^10
 * would).
 */
final class TimeRule {

  static final int MANY = 16;
  static final int SOME = 6;

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
        () ->
            "%s started %s before its %s"
                .formatted(file.alias, Duration.between(now, earliest), what));
  }

  /** A runner said that its attempt failed, and the job waits for this long. */
  void backsOff(JobFile file, int attempt, Duration delay, RetryPolicy retry, Duration floor) {
    waits(file, attempt, delay, retry, floor);
    Duration bound = retry.bound(attempt);
    if (floor.isZero() && bound.toMillis() >= 100) {
      waits.add((double) delay.toMillis() / bound.toMillis());
    }
  }

  /** A job waits for this long after an attempt. */
  void waits(JobFile file, int attempt, Duration delay, RetryPolicy retry, Duration floor) {
    Duration bound = retry.bound(attempt);
    Duration most = floor.isZero() ? bound : floor.plus(bound.dividedBy(10));
    history.require(
        delay.compareTo(floor) >= 0 && delay.compareTo(most) <= 0,
        I13,
        () ->
            "%s waits %s after attempt %d, of at most %s"
                .formatted(file.alias, delay, attempt, most));
  }

  /** Whether the waits of the whole run are spread. */
  void spread() {
    if (waits.size() >= MANY) {
      spread(10, waits.size() * 4 / 5);
    }
    if (waits.size() >= SOME) {
      spread(100, waits.size() - 1);
    }
  }

  private void spread(int bins, int most) {
    int[] counts = new int[bins];
    for (double wait : waits) {
      int bin = (int) Math.min(bins - 1.0, wait * bins);
      counts[bin]++;
      history.require(
          counts[bin] <= most,
          I13,
          () ->
              "more than %d of %d waits lie in one part of %d".formatted(most, waits.size(), bins));
    }
  }
}
