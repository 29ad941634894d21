package dev.coatcheck.store.base;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.store.Command.Parking;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a grant ends whose job stays open, and what the job waits for.
 *
 * @param keep whether the next grant repeats the attempt's number
 */
public record GrantEnd(
    Attempt.State state,
    @Nullable JobError error,
    Usage usage,
    @Nullable WaitReason reason,
    @Nullable Instant nextAttemptAt,
    boolean keep) {

  /** The holder hands the job back. */
  public static GrantEnd of(Parking parking, Instant now) {
    return switch (parking) {
      case Parking.Backoff backoff -> {
        boolean timeout = backoff.error().code() == ErrorCode.RUN_TIMEOUT;
        yield new GrantEnd(
            timeout ? Attempt.State.TIMED_OUT : Attempt.State.FAILED,
            backoff.error(),
            backoff.usage(),
            WaitReason.BACKOFF,
            Millis.of(now.plus(backoff.delay())),
            false);
      }
      case Parking.Busy busy ->
          new GrantEnd(
              Attempt.State.RELEASED,
              null,
              Usage.NONE,
              WaitReason.RATE_LIMITED,
              Millis.of(now.plus(busy.delay())),
              true);
      case Parking.Release release -> released();
    };
  }

  /** The job is ready again as if it had not been granted; the attempt does not count. */
  public static GrantEnd released() {
    return new GrantEnd(Attempt.State.RELEASED, null, Usage.NONE, null, null, true);
  }

  /** The holder lets go while the job waits for a callback. */
  public static GrantEnd suspended(Usage usage) {
    return new GrantEnd(Attempt.State.SUSPENDED, null, usage, null, null, true);
  }

  /** The attempt ran too long, and another follows. */
  public static GrantEnd timedOut(JobError error, Instant nextAttemptAt) {
    return new GrantEnd(
        Attempt.State.TIMED_OUT, error, Usage.NONE, WaitReason.BACKOFF, nextAttemptAt, false);
  }

  /** The holder fell silent. */
  public static GrantEnd lost(JobError error) {
    return new GrantEnd(Attempt.State.LOST, error, Usage.NONE, null, null, false);
  }

  /** Whether such a grant has made use of what it was given to go on with. */
  public boolean answers() {
    return state == Attempt.State.FAILED || state == Attempt.State.TIMED_OUT;
  }

  /** How many attempts count after it, of which it was the last. */
  public int counted(int attempt) {
    return keep && state != Attempt.State.SUSPENDED ? attempt - 1 : attempt;
  }

  /** The reason as it is written; null if the job is ready at once. */
  public @Nullable String wireReason() {
    return reason == null ? null : reason.wire();
  }
}
