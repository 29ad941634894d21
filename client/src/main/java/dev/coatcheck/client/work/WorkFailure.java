package dev.coatcheck.client.work;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fails the attempt with a code that callers can rely on. */
public final class WorkFailure extends NotDone {

  private static final long serialVersionUID = 1L;

  private final String code;
  private final boolean retryable;
  private final transient @Nullable Duration retryAfter;
  private final transient @Nullable Object upstream;

  private WorkFailure(
      String code,
      String message,
      boolean retryable,
      @Nullable Duration retryAfter,
      @Nullable Object upstream) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
    this.upstream = upstream;
  }

  /**
   * A failure that no further attempt can mend.
   *
   * @param code {@code worker_error}, {@code unsupported_input}, {@code upstream_rejected} or
   *     another of the API's codes
   */
  public static WorkFailure permanent(String code, String message) {
    return new WorkFailure(code, message, false, null, null);
  }

  /** A failure that another attempt may mend. */
  public static WorkFailure retryable(String code, String message) {
    return new WorkFailure(code, message, true, null, null);
  }

  /** The least wait before the next attempt. */
  public WorkFailure retryAfter(Duration wait) {
    return new WorkFailure(code, message(), retryable, wait, upstream);
  }

  /** What a provider answered; becomes a JSON object. */
  public WorkFailure upstream(Object answer) {
    return new WorkFailure(code, message(), retryable, retryAfter, answer);
  }

  public String code() {
    return code;
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  public boolean retryable() {
    return retryable;
  }

  /** Empty leaves it to the worker's retry policy. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Null if there is none. */
  public @Nullable Object upstream() {
    return upstream;
  }
}
