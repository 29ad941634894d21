package dev.coatcheck.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which instants timings name. */
public final class Timetable {

  private static final Duration FIRST_WINDOW = Duration.ofMinutes(2);

  private final @Nullable CronReader crons;

  private Timetable(@Nullable CronReader crons) {
    this.crons = crons;
  }

  /** Without cron expressions. */
  public static Timetable ofPeriods() {
    return new Timetable(null);
  }

  public static Timetable with(CronReader crons) {
    return new Timetable(crons);
  }

  /** Whether it understands the timing. */
  public boolean reads(Timing timing) {
    return timing instanceof Timing.Every || crons != null;
  }

  /**
   * The first instant after the given one; empty if there is none.
   *
   * @param anchor what periods are counted from; the first instant is one period after it
   * @throws IllegalArgumentException if the timing is not understood; the message says why
   */
  public Optional<Instant> next(Timing timing, Instant anchor, Instant after) {
    return switch (timing) {
      case Timing.Every(Duration period, var zone) -> Optional.of(next(period, anchor, after));
      case Timing.Cron cron -> {
        if (crons == null) {
          throw new IllegalArgumentException("cron expressions are not understood here");
        }
        yield crons.next(cron, after);
      }
    };
  }

  private static Instant next(Duration period, Instant anchor, Instant after) {
    long passed = Math.max(0, Duration.between(anchor, after).toMillis());
    return anchor.plusMillis((passed / period.toMillis() + 1) * period.toMillis());
  }

  /**
   * The newest of the instants from {@code first}, which is one, to {@code now}, the oldest of them
   * first.
   *
   * @param max how many at most
   */
  public List<Instant> newest(Timing timing, Instant anchor, Instant first, Instant now, int max) {
    // Looks at windows that reach back further and further: there may be years of instants.
    Duration window = FIRST_WINDOW;
    while (true) {
      Instant from = now.minus(window);
      boolean whole = !from.isAfter(first);
      List<Instant> found = within(timing, anchor, whole ? first.minusMillis(1) : from, now, max);
      if (whole || found.size() == max) {
        return found;
      }
      window = window.multipliedBy(2);
    }
  }

  private List<Instant> within(
      Timing timing, Instant anchor, Instant after, Instant until, int max) {
    Deque<Instant> newest = new ArrayDeque<>();
    Optional<Instant> next = next(timing, anchor, after);
    while (next.isPresent() && !next.get().isAfter(until)) {
      newest.add(next.get());
      if (newest.size() > max) {
        newest.removeFirst();
      }
      next = next(timing, anchor, next.get());
    }
    return new ArrayList<>(newest);
  }
}
