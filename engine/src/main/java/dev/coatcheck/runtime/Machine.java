package dev.coatcheck.runtime;

import dev.coatcheck.worker.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * What the engine runs on. Engine code reads time, draws random numbers, forks, waits and hands
 * over only through here, so that a simulator can stand in for the machine and decide at each of
 * these calls who goes on.
 */
public interface Machine {

  /** Wall-clock time in milliseconds. */
  Instant now();

  /** A clock for measuring and waiting that never goes back, in nanoseconds. */
  long nanos();

  /** Random numbers that an outsider cannot predict; safe for use from any thread. */
  RandomGenerator random();

  /** Starts a task on a thread of the kind that suits its execution. */
  Task fork(String name, Execution execution, Runnable body);

  Signal signal();

  <T> Mailbox<T> mailbox();

  <T> Promise<T> promise();

  void sleep(Duration duration) throws InterruptedException;
}
