package dev.coatcheck.simulation.check;

import java.time.Duration;

/** An invariant that did not hold, when, and what was seen. */
public record Failure(Invariant invariant, Duration at, String what) {

  @Override
  public String toString() {
    return invariant + " (" + invariant.promise() + ") at " + at.toMillis() + " ms: " + what;
  }
}
