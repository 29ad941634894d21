package dev.coatcheck.schedule;

import dev.coatcheck.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as the store holds it at one moment.
 *
 * @param revision raised by one at every change of the schedule
 * @param anchor what its periods are counted from
 * @param next the instant that gets the next job; null if it is paused or names no more
 * @param passed no instant up to this one gets a job any more; null before the first
 * @param last what became of the last instant; null before the first
 */
public record KnownSchedule(
    Schedule schedule,
    long revision,
    Instant anchor,
    @Nullable Instant next,
    @Nullable Instant passed,
    @Nullable Last last,
    Instant createdAt,
    Instant updatedAt) {

  /**
   * What became of an instant.
   *
   * @param job null if it got none
   * @param passedOver why it got none; null if it got one
   */
  public record Last(Instant nominalAt, @Nullable JobId job, @Nullable PassedOver passedOver) {}

  /** The same with its next instant another and its last one told. */
  public KnownSchedule moved(Last told, @Nullable Instant then) {
    Instant nominal = told.nominalAt();
    Instant until = hasPassed(nominal) ? passed : nominal;
    return new KnownSchedule(schedule, revision, anchor, then, until, told, createdAt, updatedAt);
  }

  /** Whether this instant got its job, or was passed over. */
  public boolean hasPassed(Instant nominal) {
    return passed != null && !nominal.isAfter(passed);
  }
}
