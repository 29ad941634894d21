package dev.coatcheck.report;

import dev.coatcheck.runtime.Machine;
import java.time.Duration;

/**
 * Keeps sends apart: the first goes at once, those within the gap after it go together at its end.
 */
final class Pace {

  private final Machine machine;
  private final Timers timers;
  private final Duration gap;
  private final Runnable due;
  private boolean sentBefore;
  private long sentNanos;
  private boolean planned;

  /**
   * A pace.
   *
   * @param due called on the timers' task when what was held is to be sent
   */
  Pace(Machine machine, Timers timers, Duration gap, Runnable due) {
    this.machine = machine;
    this.timers = timers;
    this.gap = gap;
    this.due = due;
  }

  /** Sends now, or lets {@code due} be called in a moment. */
  void sendOrHold(Runnable send) {
    long now = machine.nanos();
    if (!sentBefore || now - sentNanos >= gap.toNanos()) {
      sentBefore = true;
      sentNanos = now;
      send.run();
    } else if (!planned) {
      planned = true;
      timers.after(gap.minusNanos(now - sentNanos), due);
    }
  }

  /** To be called by {@code due}, under the same lock as the sends. */
  void fired() {
    planned = false;
    sentNanos = machine.nanos();
  }
}
