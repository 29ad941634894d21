package dev.coatcheck.job;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Why a job that failed for good is kept for a human.
 *
 * @param fingerprint equal for failures that look alike: worker, code, and message without numbers
 */
public record DeadLetter(Reason reason, String fingerprint) {

  /** What made the failure final. */
  public enum Reason {
    /** The error said that no further attempt can mend it. */
    PERMANENT,
    ATTEMPTS_EXHAUSTED,
    RUNNER_LOST;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The name in JSON and SQL. */
    public String wire() {
      return wire;
    }

    public static Optional<Reason> parse(String wire) {
      return Stream.of(values()).filter(reason -> reason.wire.equals(wire)).findFirst();
    }
  }

  /** What a human has made of it. */
  public enum State {
    /** Nobody has decided yet. */
    OPEN,
    /** The job was repeated as another. */
    REDRIVEN,
    /** It was set aside. */
    DISCARDED;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The name in JSON and SQL. */
    public String wire() {
      return wire;
    }

    public static Optional<State> parse(String wire) {
      return Stream.of(values()).filter(state -> state.wire.equals(wire)).findFirst();
    }
  }

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_-]+");
  private static final Pattern DIGIT = Pattern.compile("\\p{N}");
  private static final int FINGERPRINT_BYTES = 8;

  /**
   * The dead letter of a job that ended this way; empty for a way that leaves none. A job that its
   * caller's clock ended, by {@code queue_timeout} or {@code deadline}, leaves none.
   */
  public static Optional<DeadLetter> of(String worker, JobStatus status, JobError error) {
    boolean dead =
        status == JobStatus.FAILED
            || (status == JobStatus.TIMED_OUT
                && (error.code() == ErrorCode.RUN_TIMEOUT
                    || error.code() == ErrorCode.CALLBACK_TIMEOUT));
    return dead
        ? Optional.of(new DeadLetter(reason(error), fingerprint(worker, error)))
        : Optional.empty();
  }

  private static Reason reason(JobError error) {
    if (error.code() == ErrorCode.RUNNER_LOST) {
      return Reason.RUNNER_LOST;
    }
    return error.retryable() ? Reason.ATTEMPTS_EXHAUSTED : Reason.PERMANENT;
  }

  private static String fingerprint(String worker, JobError error) {
    String text = worker + '\n' + error.code().wire() + '\n' + masked(error.message());
    byte[] hash = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
  }

  /** The message with every word that holds a digit (numbers, ids, hashes) replaced. */
  private static String masked(String message) {
    return WORD.matcher(message)
        .replaceAll(word -> DIGIT.matcher(word.group()).find() ? "#" : word.group());
  }
}
