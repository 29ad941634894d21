package dev.coatcheck.server.jobs;

import dev.coatcheck.job.CacheUse;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.server.json.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a submission may say beside worker and input. Null takes the worker's default. */
record Options(
    @Nullable String uniqueKey,
    @Nullable Integer priority,
    @Nullable Instant runAt,
    @Nullable Duration delay,
    @Nullable Duration queueTimeout,
    @Nullable Duration runTimeout,
    @Nullable Duration deadline,
    @Nullable Integer maxAttempts,
    @Nullable String fairnessKey,
    CacheUse cache,
    Map<String, String> metadata) {

  static final Set<String> NAMES =
      Set.of(
          "unique_key",
          "priority",
          "run_at",
          "delay",
          "queue_timeout",
          "run_timeout",
          "deadline",
          "max_attempts",
          "fairness_key",
          "cache",
          "metadata");

  /**
   * An input.
   *
   * @param digest equal for equal inputs; null means that only the same text is
   */
  record Input(Payload text, @Nullable Payload digest) {}

  Submission submission(
      TenantId tenant,
      String worker,
      Input input,
      List<FileId> files,
      @Nullable Idempotency idempotency,
      @Nullable JobId retryOf) {
    return new Submission(
        tenant,
        worker,
        input.text(),
        uniqueKey,
        priority,
        runAt,
        delay,
        queueTimeout,
        runTimeout,
        deadline,
        maxAttempts,
        fairnessKey,
        metadata,
        files,
        idempotency,
        retryOf,
        cache,
        input.digest());
  }

  /** Adds everything to what tells whether two submissions are the same. */
  Fingerprint addTo(Fingerprint fingerprint) {
    fingerprint
        .text(uniqueKey)
        .value(priority)
        .value(runAt)
        .value(delay)
        .value(queueTimeout)
        .value(runTimeout)
        .value(deadline)
        .value(maxAttempts)
        .text(fairnessKey)
        .text(cache == CacheUse.USE ? null : cache.wire());
    new TreeMap<>(metadata).forEach((key, value) -> fingerprint.text(key).text(value));
    return fingerprint;
  }
}
