package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.WaitReason;
import java.time.Instant;

/** Rows of jobs that are not done and that nobody holds. */
final class Queue {

  /**
   * What travels with a job from one place to the next.
   *
   * @param keep whether the next grant repeats the attempt's number
   */
  record Place(JobId job, String worker, String lane, long fence, int attempt, boolean keep) {}

  private Queue() {}

  /** A job that can start, until its clock runs out. */
  static Bind ready(Turn turn, Place place, int priority, boolean storied, Instant clock) {
    turn.readied(place.worker(), place.lane());
    boolean watched = turn.watch().watches(turn.now(), clock);
    return turn.bind(Sql.INSERT_READY)
        .text(place.worker())
        .text(place.lane())
        .number(-priority)
        .id(place.job())
        .number(place.fence())
        .number(place.attempt())
        .flag(place.keep())
        .flag(storied)
        .flag(watched)
        .time(turn.now())
        .time(clock);
  }

  /** A job that waits until then. */
  static Bind waiting(Turn turn, Place place, WaitReason reason, Instant next, Instant due) {
    return row(turn, place, false).text(reason.wire()).time(next).time(null).time(due).id(null);
  }

  /** A job that shares a run. */
  static Bind following(Turn turn, Place place, JobId run, Instant deadline, Instant due) {
    return row(turn, place, false)
        .text(WaitReason.COALESCED.wire())
        .time(deadline)
        .time(null)
        .time(due)
        .id(run);
  }

  /** A job that waits for a callback until then. */
  static Bind suspended(Turn turn, Place place, Instant until, Instant due) {
    return row(turn, place, true).text(null).time(null).time(until).time(due).id(null);
  }

  private static Bind row(Turn turn, Place place, boolean suspended) {
    return turn.bind(Sql.INSERT_WAITING)
        .id(place.job())
        .text(place.worker())
        .flag(suspended)
        .number(place.fence())
        .number(place.attempt())
        .flag(place.keep());
  }
}
