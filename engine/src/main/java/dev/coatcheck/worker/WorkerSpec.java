package dev.coatcheck.worker;

import dev.coatcheck.job.Names;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The contract of a worker: what it takes and gives, its limits, clocks, retries and retention.
 *
 * @param inputSchema JSON Schema that input is checked against before acceptance; null for any
 * @param outputSchema JSON Schema of the output; null for any
 * @param concurrency attempts at once, on all nodes together; {@link #UNLIMITED} for as many as
 *     runners take
 * @param concurrencyPerKey attempts of one lane at once, which is a fairness key or a tenant;
 *     {@link #UNLIMITED} for no bound of its own
 * @param queueLimit ready and waiting jobs at most; one more is refused
 * @param queueTimeout bound of the time until the first attempt starts; null for none
 * @param runTimeout bound of one attempt's executing time
 * @param deadline bound of the job's whole life
 * @param expectedDuration told to pollers as long as nothing was measured
 * @param maxLost attempts that may be lost with their runner before the job is given up
 * @param coalesces whether jobs that ask for the same work at the same time share one run
 * @param cacheTtl how long a success answers later jobs that ask for the same work; null for never
 * @param etaBy JSON pointer into the input: jobs are as long as others with the same value there
 * @param deadLetters whether jobs that fail for good are kept for a human
 */
public record WorkerSpec(
    String name,
    String kind,
    String description,
    @Nullable Payload inputSchema,
    @Nullable Payload outputSchema,
    int concurrency,
    int concurrencyPerKey,
    int queueLimit,
    Execution execution,
    @Nullable Duration queueTimeout,
    Duration runTimeout,
    Duration deadline,
    @Nullable Duration expectedDuration,
    int maxAttempts,
    int maxLost,
    RetryPolicy retry,
    int priority,
    boolean coalesces,
    @Nullable Duration cacheTtl,
    @Nullable String etaBy,
    boolean deadLetters,
    Retention retention) {

  /** A concurrency without bound. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  public WorkerSpec {
    Names.require(name, "worker");
    require(concurrency >= 1, "concurrency");
    require(concurrencyPerKey >= 1, "concurrency_per_key");
    require(queueLimit >= 1, "queue_limit");
    require(runTimeout.isPositive(), "run_timeout");
    require(deadline.isPositive(), "deadline");
    require(maxAttempts >= 1 && maxAttempts <= Submission.ATTEMPTS_MAX, "max_attempts");
    require(maxLost >= 1, "max_lost");
    require(Math.abs(priority) <= Submission.PRIORITY_MAX, "priority");
  }

  private static void require(boolean holds, String member) {
    if (!holds) {
      throw new IllegalArgumentException(member + " is out of range");
    }
  }

  /** A worker with every default. */
  public static WorkerSpec of(String name) {
    return named(name).build();
  }

  /** Starts a worker with the documented defaults. */
  public static WorkerSpecBuilder named(String name) {
    return new WorkerSpecBuilder(name);
  }

  /** Starts a worker with everything as in this one. */
  public WorkerSpecBuilder toBuilder() {
    return new WorkerSpecBuilder(this);
  }
}
