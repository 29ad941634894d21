package dev.coatcheck.lease;

import dev.coatcheck.job.JobId;

/**
 * Proof of the right to work on a job under one fence. The secret keeps a token from being guessed
 * and from matching a fence value that a store handed out twice.
 *
 * @param secretHigh with {@code secretLow} 128 random bits
 */
public record LeaseToken(JobId job, long fence, long secretHigh, long secretLow) {}
