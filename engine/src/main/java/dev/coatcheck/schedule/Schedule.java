package dev.coatcheck.schedule;

import dev.coatcheck.job.Names;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;

/**
 * Submits the same work again and again.
 *
 * @param work what is submitted at each instant, without a time, keys or an original of its own
 */
public record Schedule(
    String name, Submission work, Timing timing, CatchUp catchUp, Overlap overlap, boolean paused) {

  public Schedule {
    Names.require(name, "schedule");
    if (work.runAt() != null
        || work.delay() != null
        || work.uniqueKey() != null
        || work.idempotency() != null
        || work.retryOf() != null) {
      throw new IllegalArgumentException("the work of a schedule has no time and no keys");
    }
  }

  public TenantId tenant() {
    return work.tenant();
  }

  /** The same, paused or let go on. */
  public Schedule paused(boolean pause) {
    return new Schedule(name, work, timing, catchUp, overlap, pause);
  }
}
