package dev.coatcheck.store.base;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as stores keep them. */
public final class Millis {

  private Millis() {}

  /** The instant in whole milliseconds. */
  public static Instant of(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS);
  }
}
