package dev.coatcheck.client;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Why a job, or one attempt, did not succeed.
 *
 * @param code a stable word, such as {@code upstream_rejected}
 * @param retryable whether another attempt could have helped
 * @param upstream what a provider answered
 */
public record JobError(
    String code, String message, boolean retryable, int attempt, @Nullable JsonNode upstream) {}
