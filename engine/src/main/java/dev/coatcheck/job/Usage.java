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
}
