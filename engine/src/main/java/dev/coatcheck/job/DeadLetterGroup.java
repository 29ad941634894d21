package dev.coatcheck.job;

import java.time.Instant;

/**
 * Dead letters that look alike.
 *
 * @param message of the newest one
 * @param lastAt when the newest one failed
 */
public record DeadLetterGroup(
    String worker,
    ErrorCode code,
    String fingerprint,
    String message,
    long count,
    Instant lastAt) {}
