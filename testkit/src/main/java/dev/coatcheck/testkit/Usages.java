package dev.coatcheck.testkit;

import dev.coatcheck.job.Usage;
import org.jspecify.annotations.Nullable;

/** Sums of what was used, and replacements. */
final class Usages {

  private Usages() {}

  /** What {@code later} says, and {@code earlier} where it is silent. */
  static Usage replaced(Usage earlier, Usage later) {
    return new Usage(
        later.inputTokens() == null ? earlier.inputTokens() : later.inputTokens(),
        later.outputTokens() == null ? earlier.outputTokens() : later.outputTokens(),
        later.costMicros() == null ? earlier.costMicros() : later.costMicros());
  }

  static Usage sum(Usage a, Usage b) {
    return new Usage(
        sum(a.inputTokens(), b.inputTokens()),
        sum(a.outputTokens(), b.outputTokens()),
        sum(a.costMicros(), b.costMicros()));
  }

  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a + b;
  }
}
