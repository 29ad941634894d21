package dev.coatcheck.job;

import java.util.Locale;
import java.util.Optional;

/** Why a job, or one of its attempts, did not succeed. */
public enum ErrorCode {
  /** Did not start within its {@code queue_timeout}. */
  QUEUE_TIMEOUT(true),
  /** One attempt executed longer than {@code run_timeout}. */
  RUN_TIMEOUT(true),
  /** Not done within its {@code deadline}. */
  DEADLINE(true),
  /** The callback that a suspended attempt waited for did not come. */
  CALLBACK_TIMEOUT(true),
  /** The worker said that it failed. */
  WORKER_ERROR(false),
  /** What the input points to could not be had. */
  INPUT_UNAVAILABLE(false),
  /** The worker cannot handle this kind of input. */
  UNSUPPORTED_INPUT(false),
  /** The output breaks the worker's output schema. */
  OUTPUT_INVALID(false),
  /** The output is larger than the limit. */
  OUTPUT_TOO_LARGE(false),
  /** A provider failed. */
  UPSTREAM_ERROR(false),
  /** A provider refused the request. */
  UPSTREAM_REJECTED(false),
  /** The runner died or lost its lease. */
  RUNNER_LOST(false),
  /** A budget was spent. */
  BUDGET_EXHAUSTED(false),
  /** A step of a pipeline failed. */
  STEP_FAILED(false),
  /** The job was canceled. */
  CANCELED(false),
  /** A defect of the server or of a handler. */
  INTERNAL(false);

  private final boolean timeout;
  private final String wire = name().toLowerCase(Locale.ROOT);

  ErrorCode(boolean timeout) {
    this.timeout = timeout;
  }

  /** Whether a job that ends with this code is {@code timed_out} rather than {@code failed}. */
  public boolean timeout() {
    return timeout;
  }

  /** The name in JSON and SQL. */
  public String wire() {
    return wire;
  }

  public static Optional<ErrorCode> parse(String wire) {
    for (ErrorCode code : values()) {
      if (code.wire.equals(wire)) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }
}
