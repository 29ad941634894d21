package dev.coatcheck.job;

import dev.coatcheck.job.DeadLetter.Reason;
import dev.coatcheck.job.DeadLetter.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it is listed, with what its job tells.
 *
 * @param attempts how many attempts the job had
 * @param costMicros what they cost together; null if nothing was reported
 * @param redrivenAs the job that repeats it; null unless it is redriven
 */
public record DeadLetterEntry(
    JobId job,
    String worker,
    ErrorCode code,
    Reason reason,
    String message,
    String fingerprint,
    int attempts,
    @Nullable Long costMicros,
    Instant failedAt,
    State state,
    @Nullable JobId redrivenAs) {}
