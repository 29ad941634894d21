package dev.coatcheck.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as the store holds it at one moment.
 *
 * @param fence raised by one at every change of phase that others could race with
 * @param waitReason why a waiting or suspended job waits; null in every other phase
 * @param occasion which instant of a schedule the job is for; null if it is of none
 * @param cached whether a result that was kept answered it
 * @param coalescedWith the job that began the run which this one shares; null for none or itself
 * @param files what the successful attempt made, in its order
 * @param output null unless succeeded, or where the reader left payloads out
 * @param input empty where the reader left payloads out
 */
public record Job(
    JobId id,
    TenantId tenant,
    String worker,
    int workerVersion,
    Phase phase,
    @Nullable WaitReason waitReason,
    long fence,
    int attempt,
    int maxAttempts,
    int priority,
    String lane,
    Payload input,
    @Nullable Payload output,
    @Nullable JobError error,
    @Nullable Progress progress,
    Usage usage,
    JobTimes times,
    Map<String, String> metadata,
    @Nullable JobId retryOf,
    @Nullable JobId retriedBy,
    @Nullable Lineage lineage,
    @Nullable Occasion occasion,
    @Nullable CancelReceipt cancel,
    List<FileId> files,
    boolean cached,
    @Nullable JobId coalescedWith) {

  public JobStatus status() {
    return phase.status();
  }

  public boolean done() {
    return phase.done();
  }

  public Instant createdAt() {
    return id.createdAt();
  }

  /** The same job with another progress. */
  public Job withProgress(@Nullable Progress latest) {
    return new Job(
        id,
        tenant,
        worker,
        workerVersion,
        phase,
        waitReason,
        fence,
        attempt,
        maxAttempts,
        priority,
        lane,
        input,
        output,
        error,
        latest,
        usage,
        times,
        metadata,
        retryOf,
        retriedBy,
        lineage,
        occasion,
        cancel,
        files,
        cached,
        coalescedWith);
  }
}
