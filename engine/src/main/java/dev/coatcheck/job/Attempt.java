package dev.coatcheck.job;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One grant of a job to a runner. A grant after busy, release or suspend repeats the number.
 *
 * @param fence the job's fence while this grant held it
 * @param late whether {@code usage} holds what was reported after the grant had ended
 * @param nextAttemptAt when the job was to be ready again, if the grant ended with a wait
 */
public record Attempt(
    int number,
    long fence,
    State state,
    String runner,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable JobError error,
    Usage usage,
    boolean late,
    @Nullable WaitReason waitReason,
    @Nullable Instant nextAttemptAt) {

  /** This grant with what its runner reported after its end; what it says replaces the rest. */
  public Attempt withLate(Usage reported) {
    return new Attempt(
        number,
        fence,
        state,
        runner,
        startedAt,
        finishedAt,
        error,
        usage.replacedBy(reported),
        true,
        waitReason,
        nextAttemptAt);
  }

  /** How a grant stands. */
  public enum State {
    RUNNING,
    SUSPENDED,
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    CANCELED,
    LOST,
    RELEASED;

    private final String wire = name().toLowerCase(Locale.ROOT);

    public String wire() {
      return wire;
    }

    public static Optional<State> parse(String wire) {
      for (State state : values()) {
        if (state.wire.equals(wire)) {
          return Optional.of(state);
        }
      }
      return Optional.empty();
    }
  }
}
