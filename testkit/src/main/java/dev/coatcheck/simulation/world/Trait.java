package dev.coatcheck.simulation.world;

/** What worlds have or lack, each about half of them. */
public enum Trait {
  /** Finished jobs are kept for seconds only. */
  SHORT_RETENTION,

  /** Runners elsewhere that lost a lease report what they used under it. */
  LATE_USAGE,

  /** Some work is done again and again by schedules. */
  SCHEDULES,
  /** Somebody redrives and cancels many jobs at once. */
  MANY_JOBS
}
