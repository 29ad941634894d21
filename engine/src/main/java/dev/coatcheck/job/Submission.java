package dev.coatcheck.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller hands in. Null options take the worker's defaults.
 *
 * @param priority −100 to 100, higher first
 * @param runAt not before this instant; null for at once
 * @param delay not before this long after acceptance; excludes {@code runAt}
 * @param fairnessKey the lane among the worker's jobs; null means the tenant
 * @param files which files the input refers to; they are kept as long as the job is open
 * @param retryOf the finished job that this one repeats
 * @param likeness digest that is equal for equal inputs; null means that only the same bytes are
 */
public record Submission(
    TenantId tenant,
    String worker,
    Payload input,
    @Nullable String uniqueKey,
    @Nullable Integer priority,
    @Nullable Instant runAt,
    @Nullable Duration delay,
    @Nullable Duration queueTimeout,
    @Nullable Duration runTimeout,
    @Nullable Duration deadline,
    @Nullable Integer maxAttempts,
    @Nullable String fairnessKey,
    Map<String, String> metadata,
    List<FileId> files,
    @Nullable Idempotency idempotency,
    @Nullable JobId retryOf,
    CacheUse cache,
    @Nullable Payload likeness) {

  public static final int PRIORITY_MAX = 100;
  public static final int ATTEMPTS_MAX = 50;
  public static final int FILES_MAX = 1_000;

  public Submission {
    Names.require(worker, "worker");
    metadata = Map.copyOf(metadata);
    files = List.copyOf(files);
    require(files.size() <= FILES_MAX, "too many files");
    require(priority == null || Math.abs(priority) <= PRIORITY_MAX, "priority out of range");
    require(
        maxAttempts == null || (maxAttempts >= 1 && maxAttempts <= ATTEMPTS_MAX),
        "max_attempts out of range");
    require(runAt == null || delay == null, "run_at excludes delay");
    require(delay == null || !delay.isNegative(), "delay must not be negative");
    require(positive(queueTimeout), "queue_timeout must be positive");
    require(positive(runTimeout), "run_timeout must be positive");
    require(positive(deadline), "deadline must be positive");
  }

  /** A submission with every option at the worker's default. */
  public static Submission of(TenantId tenant, String worker, Payload input) {
    return new Submission(
        tenant,
        worker,
        input,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        List.of(),
        null,
        null,
        CacheUse.USE,
        null);
  }

  public Submission withIdempotency(Idempotency key) {
    return new Submission(
        tenant,
        worker,
        input,
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
        key,
        retryOf,
        cache,
        likeness);
  }

  private static boolean positive(@Nullable Duration duration) {
    return duration == null || duration.isPositive();
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
