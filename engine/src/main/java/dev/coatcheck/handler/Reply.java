package dev.coatcheck.handler;

import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Suspension;
import java.time.Duration;

/** How an attempt ended, as its handler sees it. A failure is thrown, see {@link WorkFailure}. */
public sealed interface Reply {

  /** The work is done. */
  record Completed(Payload output, Usage usage) implements Reply {}

  /**
   * The work could not run now, and that counts as no attempt.
   *
   * @param retryAfter when to try again
   */
  record Busy(Duration retryAfter, String reason) implements Reply {}

  /** The work waits for a callback, see {@link WorkContext#callback}. */
  record Suspended(Suspension suspension) implements Reply {}

  static Reply completed(Payload output) {
    return new Completed(output, Usage.NONE);
  }
}
