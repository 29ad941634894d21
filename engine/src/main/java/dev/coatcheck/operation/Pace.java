package dev.coatcheck.operation;

import org.jspecify.annotations.Nullable;

/**
 * How fast an operation goes, and how far.
 *
 * @param perSecond jobs in a second at most; null for as fast as it can
 * @param limit jobs at most; null for all
 */
public record Pace(@Nullable Integer perSecond, @Nullable Long limit) {

  /** All, as fast as it can. */
  public static final Pace FREE = new Pace(null, null);

  public Pace {
    if ((perSecond != null && perSecond < 1) || (limit != null && limit < 1)) {
      throw new IllegalArgumentException("a pace must be positive");
    }
  }
}
