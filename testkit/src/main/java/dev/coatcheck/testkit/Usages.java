package dev.coatcheck.testkit;

import dev.coatcheck.job.Usage;
import org.jspecify.annotations.Nullable;

/** Sums of what was used. */
final class Usages {

  private Usages() {}

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
