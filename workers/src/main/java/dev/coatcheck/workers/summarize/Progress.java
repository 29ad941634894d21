package dev.coatcheck.workers.summarize;

import org.jspecify.annotations.Nullable;

/**
 * Told how far a summary is, at least once per few thousand sentences. It may throw to end the
 * work: the exception passes through the summarizer unchanged.
 */
@FunctionalInterface
public interface Progress {

  /**
   * Called when a stage begins and while it lasts.
   *
   * @param fraction the finished share of the whole, 0 to 1, never falling
   * @param stage {@code reading}, {@code splitting}, {@code weighing}, {@code ranking} or {@code
   *     choosing}
   * @param message what there is to say about it, or null
   */
  void report(double fraction, String stage, @Nullable String message);

  /** The progress of a part of the work, from one fraction of the whole to another. */
  default Progress part(double from, double to) {
    return (fraction, stage, message) -> report(from + (to - from) * fraction, stage, message);
  }

  /** Listens to nothing. */
  static Progress none() {
    return (fraction, stage, message) -> {};
  }
}
