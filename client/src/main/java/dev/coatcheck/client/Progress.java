package dev.coatcheck.client;

import org.jspecify.annotations.Nullable;

/**
 * How far a job is.
 *
 * @param fraction 0 to 1
 */
public record Progress(
    @Nullable Double fraction, @Nullable String stage, @Nullable String message) {}
