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
}
