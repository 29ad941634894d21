package dev.coatcheck.workers.simulate;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a simulated job is told to do; null members ask for nothing.
 *
 * @param durationMs how long it waits, in all
 * @param steps progress events over that time, evenly spread; null means 10
 * @param outputBytes length of a made-up output text
 * @param cpuMs how long it computes before it waits
 */
record Simulation(
    @Nullable Long durationMs,
    @Nullable Integer steps,
    @Nullable JsonNode output,
    @Nullable Integer outputBytes,
    @Nullable Stream stream,
    @Nullable Consumption usage,
    @Nullable Fail fail,
    @Nullable Busy busy,
    @Nullable Suspend suspend,
    boolean hang,
    boolean ignoreCancel,
    long cpuMs,
    @Nullable String crash) {

  static final int STEPS_DEFAULT = 10;

  record Stream(@Nullable Integer chunks, @Nullable String text) {}

  record Consumption(
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      java.math.@Nullable BigDecimal costUsd) {}

  /**
   * Fails the first attempts.
   *
   * @param attempts how many; −1 for all; null for 1
   * @param at share of the duration after which it fails; null for all of it
   */
  record Fail(
      @Nullable Integer attempts,
      @Nullable Double at,
      @Nullable String code,
      @Nullable Boolean retryable,
      @Nullable String message) {}

  /** Is busy the first times it is asked. */
  record Busy(@Nullable Integer times, @Nullable Long retryAfterMs) {}

  /**
   * Waits once for a callback before it answers.
   *
   * @param timeoutMs how long at most; null for a minute
   */
  record Suspend(@Nullable Long timeoutMs) {}

  long duration() {
    return durationMs == null ? 0 : durationMs;
  }

  int stepCount() {
    return steps == null ? STEPS_DEFAULT : steps;
  }
}
