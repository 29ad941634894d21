package dev.coatcheck.schedule;

import java.util.Locale;

/** Why an instant got no job. */
public enum PassedOver {
  /** Nobody looked in time, and the schedule does not catch it up. */
  MISSED,
  /** A job of the schedule was open. */
  OVERLAP,
  /** The worker had as many queued jobs as it may have. */
  QUEUE_FULL,
  /** The worker is no longer in use. */
  WORKER_NOT_FOUND,
  /** A file that the input refers to is no longer there. */
  FILE_NOT_FOUND,
  /** An open job has the place of the one that was to be. */
  EXISTING;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and SQL. */
  public String wire() {
    return wire;
  }

  /**
   * The reason of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static PassedOver of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
