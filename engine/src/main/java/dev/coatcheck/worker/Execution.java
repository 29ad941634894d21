package dev.coatcheck.worker;

/** What an attempt mostly does, which decides the kind of thread it gets. */
public enum Execution {
  /** Waits for something: a virtual thread. */
  IO,
  /** Computes: a platform thread, at most as many at once as there are cores. */
  CPU
}
