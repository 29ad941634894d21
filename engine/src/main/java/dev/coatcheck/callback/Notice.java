package dev.coatcheck.callback;

import dev.coatcheck.job.Payload;
import org.jspecify.annotations.Nullable;

/**
 * A callback as it arrives.
 *
 * @param id the sender's id of it ({@code webhook-id} of Standard Webhooks); null without one
 * @param digest SHA-256 of the body: two notices without id are the same if it is
 */
public record Notice(String contentType, Payload body, @Nullable String id, Payload digest) {}
