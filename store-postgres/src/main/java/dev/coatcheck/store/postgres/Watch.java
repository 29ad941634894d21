package dev.coatcheck.store.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then which ready jobs have a clock that runs out before long. So the index of
 * clocks has few rows, and the many whose deadline is days away never enter it.
 */
final class Watch {

  private static final Duration BEFORE_LONG = Duration.ofHours(2);
  private static final Duration BETWEEN_LOOKS = BEFORE_LONG.dividedBy(2);

  private @Nullable Instant lookedAt;
  private @Nullable Instant firstClock;

  /** Whether a job that becomes ready is watched from the beginning. */
  synchronized boolean watches(Instant now, Instant clock) {
    boolean watched = !clock.isAfter(now.plus(BEFORE_LONG));
    if (!watched && (firstClock == null || clock.isBefore(firstClock))) {
      firstClock = clock;
    }
    return watched;
  }

  /** Whether it is time to look. */
  synchronized boolean due(Instant now) {
    return lookedAt == null || !now.isBefore(lookedAt.plus(BETWEEN_LOOKS));
  }

  /** Looks if it is time to. */
  synchronized void look(Turn turn) throws SQLException {
    if (due(turn.now())) {
      turn.bind(Sql.WATCH).time(turn.now().plus(BEFORE_LONG)).update();
      firstClock = turn.bind(Sql.NEXT_CLOCK).optionalTime();
      lookedAt = turn.now();
    }
  }

  /** The earlier of a time and the next one that there is something to see. */
  synchronized @Nullable Instant earlier(@Nullable Instant next) {
    if (firstClock == null || lookedAt == null) {
      return next;
    }
    Instant look = firstClock.minus(BETWEEN_LOOKS);
    Instant again = lookedAt.plus(BETWEEN_LOOKS);
    Instant at = look.isAfter(again) ? look : again;
    return next == null || at.isBefore(next) ? at : next;
  }
}
