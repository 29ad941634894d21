package dev.coatcheck.store.base;

import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Reader.Finished;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells how a finished job went, from its instants. */
public final class Finish {

  /**
   * Instants of a job.
   *
   * @param startedAt of the first attempt
   * @param attemptStartedAt of the last grant
   */
  public record Times(
      @Nullable Instant runAt,
      @Nullable Instant startedAt,
      @Nullable Instant attemptStartedAt,
      Instant finishedAt) {}

  private Finish() {}

  public static Finished of(String worker, Phase phase, Instant createdAt, Times times) {
    Instant runAt = times.runAt();
    Instant startedAt = times.startedAt();
    Instant attemptStartedAt = times.attemptStartedAt();
    Instant finishedAt = times.finishedAt();
    Instant startable = runAt != null && runAt.isAfter(createdAt) ? runAt : createdAt;
    Duration waited = Duration.between(startable, startedAt == null ? finishedAt : startedAt);
    Duration ran = attemptStartedAt == null ? null : Duration.between(attemptStartedAt, finishedAt);
    return new Finished(
        worker, phase, finishedAt, waited.isNegative() ? Duration.ZERO : waited, ran);
  }
}
