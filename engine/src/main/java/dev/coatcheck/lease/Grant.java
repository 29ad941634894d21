package dev.coatcheck.lease;

import dev.coatcheck.callback.CallbackToken;
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
 * @param grants how often the job was handed to a runner, this time included
 * @param chunks pieces of output that earlier grants of this attempt have given
 * @param startedAt when the store granted it
 * @param runTimeout what is left of the attempt's executing time
 * @param deadlineAt when the whole job times out
 * @param leaseUntil when a remote runner must have renewed it; null for one of this process
 * @param callback minted for remote runners; null for one of this process, which asks for it
 * @param resume what the attempt goes on with; null at its beginning
 */
public record Grant(
    LeaseToken token,
    TenantId tenant,
    String worker,
    int workerVersion,
    int attempt,
    int maxAttempts,
    int grants,
    long chunks,
    int priority,
    Payload input,
    Map<String, String> metadata,
    Instant startedAt,
    Duration runTimeout,
    @Nullable Instant deadlineAt,
    @Nullable Instant leaseUntil,
    @Nullable CallbackToken callback,
    @Nullable Resume resume) {

  /** This grant of a job that has something to go on with. */
  public Grant goingOnWith(@Nullable Resume what) {
    return new Grant(
        token,
        tenant,
        worker,
        workerVersion,
        attempt,
        maxAttempts,
        grants,
        chunks,
        priority,
        input,
        metadata,
        startedAt,
        runTimeout,
        deadlineAt,
        leaseUntil,
        callback,
        what);
  }
}
