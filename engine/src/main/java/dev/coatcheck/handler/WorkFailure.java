package dev.coatcheck.handler;

import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Fails an attempt with a code that callers can rely on. */
public final class WorkFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final boolean retryable;
  private final transient @Nullable Duration retryAfter;
  private final transient @Nullable Payload upstream;
  private final transient Usage usage;

  public WorkFailure(
      ErrorCode code,
      String message,
      boolean retryable,
      @Nullable Duration retryAfter,
      @Nullable Payload upstream,
      Usage usage) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
    this.upstream = upstream;
    this.usage = usage;
  }

  /** A failure that no further attempt can mend. */
  public static WorkFailure permanent(ErrorCode code, String message) {
    return new WorkFailure(code, message, false, null, null, Usage.NONE);
  }

  /** A failure that another attempt may mend. */
  public static WorkFailure retryable(ErrorCode code, String message) {
    return new WorkFailure(code, message, true, null, null, Usage.NONE);
  }

  public ErrorCode code() {
    return code;
  }

  public String text() {
    String message = getMessage();
    return message == null ? code.wire() : message;
  }

  public boolean retryable() {
    return retryable;
  }

  /** The least wait before the next attempt; null leaves it to the retry policy. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** What a provider answered, verbatim JSON. */
  public @Nullable Payload upstream() {
    return upstream;
  }

  public Usage usage() {
    return usage == null ? Usage.NONE : usage;
  }
}
