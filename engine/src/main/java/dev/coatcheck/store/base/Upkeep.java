package dev.coatcheck.store.base;

import dev.coatcheck.job.Phase;

/** The sweeps, each with its own next time. */
public enum Upkeep {
  STAGE,
  RESCUE,
  PRUNE;

  /** The sweep that looks after jobs in this phase. */
  public static Upkeep of(Phase phase) {
    return switch (phase) {
      case READY, WAITING, FOLLOWING -> STAGE;
      case RUNNING, SUSPENDED -> RESCUE;
      case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> PRUNE;
    };
  }
}
