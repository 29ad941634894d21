package dev.coatcheck.simulation.world;

import dev.coatcheck.lease.Suspension;
import java.time.Duration;

/** How an attempt ended, as its handler sees it. */
sealed interface Verdict {

  /** The work is done; {@code filing} if it made a file. */
  record Done(String output, boolean filing) implements Verdict {}

  record Failed(String message, boolean retryable, int afterMillis) implements Verdict {}

  record Busy(Duration retryAfter) implements Verdict {}

  record Suspend(Suspension suspension) implements Verdict {}
}
