package dev.coatcheck.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one bounded pass of upkeep did.
 *
 * @param moved jobs and files that were changed or deleted
 * @param next when there is something to do again, as far as the store knows; null for not before a
 *     signal
 */
public record Sweep(int moved, @Nullable Instant next) {

  /** How much one pass takes on, so that no transaction holds others up for long. */
  public static final int SLICE = 500;
}
