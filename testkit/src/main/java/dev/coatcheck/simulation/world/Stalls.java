package dev.coatcheck.simulation.world;

import dev.coatcheck.simulation.faults.Fault;
import dev.coatcheck.simulation.faults.Faults;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How long a task that was woken is kept from running, as on a busy machine. */
record Stalls(Faults faults) implements LongSupplier {

  private static final int MILLIS_MAX = 400;

  @Override
  public long getAsLong() {
    return faults.strikes(Fault.TASK_STALL)
        ? Duration.ofMillis(1 + faults.dice().nextInt(MILLIS_MAX)).toNanos()
        : 0;
  }
}
