package dev.coatcheck.job;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong in an attempt or a job.
 *
 * @param message for people, at most {@link #MESSAGE_MAX} characters; a longer one is cut and
 *     marked
 * @param attempt the attempt it happened in, 0 if none had begun
 * @param upstream what a provider answered, verbatim JSON
 */
public record JobError(
    ErrorCode code, String message, boolean retryable, int attempt, @Nullable Payload upstream) {

  public static final int MESSAGE_MAX = 16_384;

  private static final String CUT = "… (cut)";

  public JobError {
    if (message.length() > MESSAGE_MAX) {
      message = message.substring(0, MESSAGE_MAX - CUT.length()) + CUT;
    }
  }

  public static JobError of(ErrorCode code, String message, boolean retryable, int attempt) {
    return new JobError(code, message, retryable, attempt, null);
  }
}
