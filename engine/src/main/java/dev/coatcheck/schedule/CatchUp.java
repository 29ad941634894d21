package dev.coatcheck.schedule;

import java.time.Duration;
import java.util.Locale;

/** What becomes of instants that passed while nobody looked. */
public enum CatchUp {
  /** Those more than {@link #GRACE} ago are passed over. */
  SKIP,
  /** The newest gets a job, the others are passed over. */
  LATEST,
  /** Each gets a job, the oldest first; of more than {@link #ALL_MAX}, the newest so many. */
  ALL;

  /** How late a job may come without being missed. */
  public static final Duration GRACE = Duration.ofMinutes(1);

  /** How many missed instants are caught up at most. */
  public static final int ALL_MAX = 1_000;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and SQL. */
  public String wire() {
    return wire;
  }
}
