package dev.coatcheck.lease;

import dev.coatcheck.job.Payload;
import dev.coatcheck.job.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A claimed job: everything that a runner needs to execute one attempt.
 *
 * @param token names the job and proves the right to work on it
 * @param startedAt when the store granted it
 * @param runTimeout bound of this attempt's executing time
 * @param deadlineAt when the whole job times out
 */
public record Grant(
    LeaseToken token,
    TenantId tenant,
    String worker,
    int workerVersion,
    int attempt,
    int maxAttempts,
    int priority,
    Payload input,
    Map<String, String> metadata,
    Instant startedAt,
    Duration runTimeout,
    @Nullable Instant deadlineAt) {}
