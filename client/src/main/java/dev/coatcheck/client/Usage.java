package dev.coatcheck.client;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What an attempt consumed so far; null where nothing was reported. */
public record Usage(
    @Nullable Long inputTokens, @Nullable Long outputTokens, @Nullable BigDecimal costUsd) {

  public static final Usage NONE = new Usage(null, null, null);

  public static Usage tokens(long input, long output) {
    return new Usage(input, output, null);
  }

  public Usage cost(BigDecimal usd) {
    return new Usage(inputTokens, outputTokens, usd);
  }
}
