package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a claim begins to look for ready jobs. Rows of jobs that are long gone lie at the head of
 * the queue for as long as any snapshot in the cluster may see them; a look from the head passes
 * all of them. While that is slow, most claims go on where the last one ended. What has come to a
 * place before is found by a look from the head, which is made now and then, and whenever too few
 * jobs are found after it.
 */
final class LowWater {

  /** So many rows of jobs that are gone make a look slow. */
  static final int MANY = 5_000;

  /** Looks from the head take about this part of the time. */
  private static final int PART = 5;

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

  /**
   * Up to where all is gone.
   *
   * @param lookedAt when the last slow look from the head ended
   * @param took how long that was
   */
  private record Mark(Place place, long lookedAt, long took) {}

  private final Map<String, Mark> marks = new HashMap<>();

  /** Where to begin now, by {@link System#nanoTime}. */
  synchronized Place begin(String worker, long nanos) {
    Mark mark = marks.get(worker);
    return mark == null || nanos - mark.lookedAt() > PART * mark.took() ? Place.HEAD : mark.place();
  }

  /** A look from the head has passed many rows of jobs that are gone. */
  synchronized void slow(String worker, Place last, long nanos, long took) {
    marks.put(worker, new Mark(last, nanos, took));
  }

  /** A look from the head has passed few. */
  synchronized void quick(String worker) {
    marks.remove(worker);
  }

  /** A look from the mark ended there. */
  synchronized void advance(String worker, @Nullable Place last) {
    if (last != null) {
      marks.computeIfPresent(worker, (name, mark) -> new Mark(last, mark.lookedAt(), mark.took()));
    }
  }
}
