package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a claim begins to look for ready jobs. Rows of jobs that are long gone lie at the head of
 * the queue for as long as any snapshot in the cluster may see them; a look from the head passes
 * all of them. So once that has become slow, most claims go on where the last one ended, and from
 * the head only one in a while: jobs that came back to a place before are found by those.
 */
final class LowWater {

  private static final long SLOW_NANOS = 5_000_000;

  /** What a job costs that is found and taken. */
  private static final long JOB_NANOS = 50_000;

  /** Looks from the head take at most this part of the time. */
  private static final int PART = 10;

  /**
   * A place in the queue of a worker.
   *
   * @param rank the priority, negated
   */
  record Place(int rank, UUID id) {

    /** Before all. */
    static final Place HEAD = new Place(Short.MIN_VALUE, new UUID(0, 0));

    static Place of(int priority, JobId id) {
      return new Place(-priority, Uuids.of(id));
    }
  }

  /** The place up to which all is gone, and when and how long somebody looked from the head. */
  private record Mark(Place place, long lookedAt, long took) {

    Mark at(Place next) {
      return new Mark(next, lookedAt, took);
    }
  }

  private final Map<String, Mark> marks = new HashMap<>();

  /** Where to begin now, by {@link System#nanoTime}. */
  synchronized Place begin(String worker, long nanos) {
    Mark mark = marks.get(worker);
    boolean head =
        mark == null || mark.took() < SLOW_NANOS || nanos - mark.lookedAt() > PART * mark.took();
    return head ? Place.HEAD : mark.place();
  }

  /**
   * A look has ended.
   *
   * @param last the last of the jobs that it took; null if it took none
   * @param nanos when, by {@link System#nanoTime}
   */
  synchronized void looked(
      String worker, Place began, int jobs, @Nullable Place last, long nanos, long took) {
    Mark mark = marks.get(worker);
    if (began.equals(Place.HEAD)) {
      Place place = last != null ? last : mark == null ? Place.HEAD : mark.place();
      marks.put(worker, new Mark(place, nanos, Math.max(0, took - jobs * JOB_NANOS)));
    } else if (mark != null && last != null) {
      marks.put(worker, mark.at(last));
    }
  }
}
