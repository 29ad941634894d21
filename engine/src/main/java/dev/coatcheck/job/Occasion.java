package dev.coatcheck.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a job of a schedule is for.
 *
 * @param nominalAt the instant that the schedule named; null for a job that was asked for by hand
 */
public record Occasion(String schedule, @Nullable Instant nominalAt) {}
