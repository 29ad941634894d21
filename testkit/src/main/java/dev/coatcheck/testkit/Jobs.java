package dev.coatcheck.testkit;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Lineage;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.NewJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Builds jobs to be stored; what a test does not say has a plain default. */
public final class Jobs {

  private static final AtomicInteger IDS = new AtomicInteger();

  private final String worker;
  private final Map<String, String> metadata = new HashMap<>();
  private final List<FileId> files = new ArrayList<>();
  private @Nullable JobId id;
  private TenantId tenant = TenantId.DEFAULT;
  private Payload input = Payload.utf8("{}");
  private int workerVersion = 1;
  private int priority;
  private int maxAttempts = 5;
  private int queueLimit = 100_000;
  private Duration runTimeout = Duration.ofMinutes(20);
  private Duration deadline = Duration.ofDays(7);
  private @Nullable String uniqueKey;
  private @Nullable String lane;
  private @Nullable Instant runAt;
  private @Nullable Duration delay;
  private @Nullable Duration queueTimeout;
  private @Nullable Idempotency idempotency;
  private @Nullable JobId retryOf;
  private @Nullable Lineage lineage;
  private @Nullable Reuse reuse;
  private @Nullable Occasion occasion;

  private Jobs(String worker) {
    this.worker = worker;
  }

  /** A job of the worker that is due at once. */
  public static Jobs job(String worker) {
    return new Jobs(worker);
  }

  /** A fresh id that was created at the instant; later calls give greater ids. */
  public static JobId idAt(Instant created) {
    int n = IDS.incrementAndGet();
    return JobId.of(created, 0, n);
  }

  /** An idempotency key as the edge would hash it. */
  public static Idempotency key(String key, String fingerprint) {
    return new Idempotency(Payload.utf8(key), Payload.utf8(fingerprint));
  }

  /** What a job says that shares a run with all that ask for the same work. */
  public static Reuse shared(String work) {
    return new Reuse(Payload.utf8(work), false, null, true);
  }

  /** What a job says that a kept success may answer, and whose own is kept so long. */
  public static Reuse kept(String work, Duration keep) {
    return new Reuse(Payload.utf8(work), true, keep, false);
  }

  /** Whose job it is. */
  public String worker() {
    return worker;
  }

  public Jobs id(JobId value) {
    id = value;
    return this;
  }

  public Jobs tenant(String value) {
    tenant = new TenantId(value);
    return this;
  }

  public Jobs input(String value) {
    input = Payload.utf8(value);
    return this;
  }

  /** The version of the worker that the job is accepted under; 1 if not set. */
  public Jobs workerVersion(int value) {
    workerVersion = value;
    return this;
  }

  public Jobs priority(int value) {
    priority = value;
    return this;
  }

  public Jobs lane(String value) {
    lane = value;
    return this;
  }

  public Jobs maxAttempts(int value) {
    maxAttempts = value;
    return this;
  }

  public Jobs queueLimit(int value) {
    queueLimit = value;
    return this;
  }

  public Jobs runTimeout(Duration value) {
    runTimeout = value;
    return this;
  }

  public Jobs deadline(Duration value) {
    deadline = value;
    return this;
  }

  public Jobs queueTimeout(Duration value) {
    queueTimeout = value;
    return this;
  }

  public Jobs runAt(Instant value) {
    runAt = value;
    return this;
  }

  public Jobs delay(Duration value) {
    delay = value;
    return this;
  }

  public Jobs uniqueKey(String value) {
    uniqueKey = value;
    return this;
  }

  public Jobs idempotency(Idempotency value) {
    idempotency = value;
    return this;
  }

  public Jobs retryOf(JobId value) {
    retryOf = value;
    return this;
  }

  public Jobs lineage(Lineage value) {
    lineage = value;
    return this;
  }

  public Jobs reuse(@Nullable Reuse value) {
    reuse = value;
    return this;
  }

  public Jobs occasion(Occasion value) {
    occasion = value;
    return this;
  }

  public Jobs file(FileId value) {
    files.add(value);
    return this;
  }

  public Jobs metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** The job; without an id of its own it gets one created at the instant. */
  public NewJob build(Instant created) {
    return new NewJob(
        id == null ? idAt(created) : id,
        tenant,
        worker,
        workerVersion,
        input,
        uniqueKey,
        priority,
        lane == null ? tenant.value() : lane,
        runAt,
        delay,
        queueTimeout,
        runTimeout,
        deadline,
        maxAttempts,
        queueLimit,
        Map.copyOf(metadata),
        List.copyOf(files),
        idempotency,
        retryOf,
        lineage,
        occasion,
        reuse,
        0);
  }
}
