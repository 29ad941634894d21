package dev.coatcheck.client.runner;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The right to work on a job, as the server granted it.
 *
 * @param outputOffset chunks of output that earlier grants of the same attempt have given
 */
record Lease(
    String leaseToken,
    int attempt,
    @Nullable Long runTimeoutMs,
    @Nullable Instant deadlineAt,
    @Nullable Long outputOffset,
    LeasedJob job,
    @Nullable CallbackPlace callback,
    @Nullable Resumption resume) {

  record LeasedJob(
      String id, String worker, JsonNode input, Map<String, String> metadata, int maxAttempts) {}

  record CallbackPlace(String url) {}

  record Resumption(@Nullable JsonNode state, @Nullable Received callback) {}

  record Received(Instant receivedAt, @Nullable String contentType, JsonNode body) {}
}
