package dev.coatcheck.runtime;

import java.time.Duration;

/** A forked piece of work. */
public interface Task {

  /** Makes the task's present or next wait end with {@link InterruptedException}. */
  void interrupt();

  /** Waits for the end of the task; false if it still runs after this long. */
  boolean join(Duration atMost) throws InterruptedException;
}
