package dev.coatcheck.runtime;

import java.time.Duration;

/**
 * A flag that one task waits for and any may raise. Raising it twice before it is awaited counts
 * once; a raise before the wait is not lost.
 */
public interface Signal {

  void raise();

  /** Waits until raised, then lowers it. */
  void await() throws InterruptedException;

  /** Waits until raised, then lowers it; false if that did not happen within the time. */
  boolean await(Duration atMost) throws InterruptedException;
}
