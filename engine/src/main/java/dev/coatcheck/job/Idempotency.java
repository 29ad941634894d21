package dev.coatcheck.job;

/**
 * An idempotency key and what it was first used for, both hashed at the edge, so that the store
 * holds neither.
 *
 * @param key hash of the caller's key; its scope is the tenant
 * @param fingerprint hash of the canonical worker, input and options
 */
public record Idempotency(Payload key, Payload fingerprint) {}
