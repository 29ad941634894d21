package dev.coatcheck.client;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A job as the server told it at one moment.
 *
 * @param status {@code queued}, {@code running}, {@code succeeded}, {@code failed}, {@code
 *     timed_out} or {@code canceled}
 * @param waitReason why an open job does not run; null if nothing holds it
 * @param attempt number of the latest attempt; 0 before the first
 * @param output JSON; null until it succeeded
 * @param durationMs from the first start to the end; null while open
 * @param existing this job was open already under the unique key
 */
public record Job(
    String id,
    String worker,
    String status,
    boolean done,
    @Nullable String waitReason,
    @Nullable Progress progress,
    int attempt,
    int maxAttempts,
    int priority,
    @Nullable JsonNode input,
    @Nullable JsonNode output,
    @Nullable JobError error,
    Instant createdAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Long durationMs,
    @Nullable Instant deadlineAt,
    @Nullable Usage usage,
    boolean existing,
    @Nullable String retryOf,
    @Nullable String retriedBy,
    Map<String, String> metadata) {

  public boolean succeeded() {
    return "succeeded".equals(status);
  }
}
