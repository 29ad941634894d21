package dev.coatcheck.job;

import org.jspecify.annotations.Nullable;

/**
 * How far an attempt is, as its worker tells it.
 *
 * @param fraction 0 to 1
 * @param stage a short machine-readable name
 * @param message free text for people
 */
public record Progress(
    @Nullable Double fraction, @Nullable String stage, @Nullable String message) {

  public Progress {
    if (fraction != null && !(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction must be between 0 and 1");
    }
  }

  /** Whether it tells nothing at all. */
  public boolean isEmpty() {
    return fraction == null && stage == null && message == null;
  }
}
