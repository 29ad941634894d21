package dev.coatcheck.worker;

import dev.coatcheck.job.Payload;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Builds a {@link WorkerSpec}; what is not set keeps its documented default. */
public final class WorkerSpecBuilder {

  private final String name;
  private String kind = "builtin";
  private String description = "";
  private @Nullable Payload inputSchema;
  private @Nullable Payload outputSchema;
  private int concurrency = 1_000;
  private int concurrencyPerKey = WorkerSpec.UNLIMITED;
  private int queueLimit = 100_000;
  private Execution execution = Execution.IO;
  private @Nullable Duration queueTimeout;
  private Duration runTimeout = Duration.ofMinutes(20);
  private Duration deadline = Duration.ofDays(7);
  private @Nullable Duration expectedDuration;
  private int maxAttempts = 5;
  private int maxLost = 3;
  private RetryPolicy retry = RetryPolicy.DEFAULT;
  private int priority = 0;
  private boolean coalesces;
  private @Nullable Duration cacheTtl;
  private @Nullable String etaBy;
  private boolean deadLetters = true;
  private Retention retention = Retention.DEFAULT;

  WorkerSpecBuilder(String name) {
    this.name = name;
  }

  WorkerSpecBuilder(WorkerSpec spec) {
    name = spec.name();
    kind = spec.kind();
    description = spec.description();
    inputSchema = spec.inputSchema();
    outputSchema = spec.outputSchema();
    concurrency = spec.concurrency();
    concurrencyPerKey = spec.concurrencyPerKey();
    queueLimit = spec.queueLimit();
    execution = spec.execution();
    queueTimeout = spec.queueTimeout();
    runTimeout = spec.runTimeout();
    deadline = spec.deadline();
    expectedDuration = spec.expectedDuration();
    maxAttempts = spec.maxAttempts();
    maxLost = spec.maxLost();
    retry = spec.retry();
    priority = spec.priority();
    coalesces = spec.coalesces();
    cacheTtl = spec.cacheTtl();
    etaBy = spec.etaBy();
    deadLetters = spec.deadLetters();
    retention = spec.retention();
  }

  public WorkerSpecBuilder kind(String value) {
    kind = value;
    return this;
  }

  public WorkerSpecBuilder description(String value) {
    description = value;
    return this;
  }

  public WorkerSpecBuilder inputSchema(@Nullable Payload value) {
    inputSchema = value;
    return this;
  }

  public WorkerSpecBuilder outputSchema(@Nullable Payload value) {
    outputSchema = value;
    return this;
  }

  public WorkerSpecBuilder concurrency(int value) {
    concurrency = value;
    return this;
  }

  public WorkerSpecBuilder concurrencyPerKey(int value) {
    concurrencyPerKey = value;
    return this;
  }

  public WorkerSpecBuilder queueLimit(int value) {
    queueLimit = value;
    return this;
  }

  public WorkerSpecBuilder execution(Execution value) {
    execution = value;
    return this;
  }

  public WorkerSpecBuilder queueTimeout(@Nullable Duration value) {
    queueTimeout = value;
    return this;
  }

  public WorkerSpecBuilder runTimeout(Duration value) {
    runTimeout = value;
    return this;
  }

  public WorkerSpecBuilder deadline(Duration value) {
    deadline = value;
    return this;
  }

  public WorkerSpecBuilder expectedDuration(@Nullable Duration value) {
    expectedDuration = value;
    return this;
  }

  public WorkerSpecBuilder maxAttempts(int value) {
    maxAttempts = value;
    return this;
  }

  public WorkerSpecBuilder maxLost(int value) {
    maxLost = value;
    return this;
  }

  public WorkerSpecBuilder retry(RetryPolicy value) {
    retry = value;
    return this;
  }

  public WorkerSpecBuilder priority(int value) {
    priority = value;
    return this;
  }

  public WorkerSpecBuilder coalesces(boolean value) {
    coalesces = value;
    return this;
  }

  public WorkerSpecBuilder cacheTtl(@Nullable Duration value) {
    cacheTtl = value;
    return this;
  }

  public WorkerSpecBuilder etaBy(@Nullable String value) {
    etaBy = value;
    return this;
  }

  public WorkerSpecBuilder deadLetters(boolean value) {
    deadLetters = value;
    return this;
  }

  public WorkerSpecBuilder retention(Retention value) {
    retention = value;
    return this;
  }

  /**
   * Returns the worker.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public WorkerSpec build() {
    return new WorkerSpec(
        name,
        kind,
        description,
        inputSchema,
        outputSchema,
        concurrency,
        concurrencyPerKey,
        queueLimit,
        execution,
        queueTimeout,
        runTimeout,
        deadline,
        expectedDuration,
        maxAttempts,
        maxLost,
        retry,
        priority,
        coalesces,
        cacheTtl,
        etaBy,
        deadLetters,
        retention);
  }
}
