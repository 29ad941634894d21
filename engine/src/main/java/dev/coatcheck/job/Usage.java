package dev.coatcheck.job;

import org.jspecify.annotations.Nullable;

/**
 * What an attempt consumed, cumulative; null where nothing was reported.
 *
 * @param costMicros millionths of a US dollar
 */
public record Usage(
    @Nullable Long inputTokens, @Nullable Long outputTokens, @Nullable Long costMicros) {

  public static final Usage NONE = new Usage(null, null, null);

  /** What the later report says, and this where it is silent. */
  public Usage replacedBy(Usage later) {
    return new Usage(
        later.inputTokens == null ? inputTokens : later.inputTokens,
        later.outputTokens == null ? outputTokens : later.outputTokens,
        later.costMicros == null ? costMicros : later.costMicros);
  }

  /** Both together; null where neither says anything. */
  public Usage plus(Usage other) {
    return new Usage(
        sum(inputTokens, other.inputTokens),
        sum(outputTokens, other.outputTokens),
        sum(costMicros, other.costMicros));
  }

  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a + b;
  }
}
