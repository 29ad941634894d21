package dev.coatcheck.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What canceling a job met.
 *
 * @param was the phase that the cancel found
 * @param runnerStoppedAt when the runner said that it had stopped; null until then
 */
public record CancelReceipt(Instant requestedAt, Phase was, @Nullable Instant runnerStoppedAt) {}
