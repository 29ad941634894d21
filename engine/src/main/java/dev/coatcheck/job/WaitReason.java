package dev.coatcheck.job;

import java.util.Locale;
import java.util.Optional;

/** Why an open job does not run. A reason is stored with a waiting job or told when it is read. */
public enum WaitReason {
  /** Before its {@code run_at}. */
  SCHEDULED,
  /** After a failed attempt, before the next. */
  BACKOFF,
  /** The attempt could not run now: a limit of its provider, or the runner was busy. */
  RATE_LIMITED,
  /** Ready, and all slots of its worker are taken. */
  CONCURRENCY,
  /** Ready, and its worker is paused. */
  PAUSED,
  /** Ready, and nobody serves its worker. */
  NO_RUNNER,
  /** Follows a run of the same work that has not started. */
  COALESCED,
  /** Suspended until a callback comes. */
  CALLBACK;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and SQL. */
  public String wire() {
    return wire;
  }

  public static Optional<WaitReason> parse(String wire) {
    for (WaitReason reason : values()) {
      if (reason.wire.equals(wire)) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }
}
