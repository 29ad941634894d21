package dev.coatcheck.simulation.faults;

/**
 * The kinds of faults. Those with a chance strike at each occasion; those without are acts of the
 * nemesis.
 */
public enum Fault {
  NODE_KILL(0),
  NODE_STOP(0),
  NODE_FREEZE(0),
  CLOCK_JUMP(0),
  RUNNER_KILL(0),
  RUNNER_FREEZE(0),
  WORKER_PAUSE(0),
  STORE_REFUSES(0),
  STORE_SLOW(0.1),
  STORE_FAILS_BEFORE(0.03),
  STORE_FAILS_AFTER(0.03),
  READ_FAILS(0.01),
  HINT_LOST(0.15),
  HINT_LATE(0.15),
  HINT_TWICE(0.1),
  WIRE_SLOW(0.2),
  REQUEST_LOST(0.05),
  REQUEST_TWICE(0.05),
  REPLY_LOST(0.08),
  TASK_STALL(0.02);

  private final double chance;

  Fault(double chance) {
    this.chance = chance;
  }

  /** How likely it strikes at one occasion, at full intensity. */
  double chance() {
    return chance;
  }

  /** Whether the nemesis does it, rather than chance. */
  public boolean act() {
    return chance == 0;
  }
}
