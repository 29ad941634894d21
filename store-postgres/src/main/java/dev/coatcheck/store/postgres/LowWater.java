package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

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
   * A place in a lane.
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

  /** A place in the queue of a worker: its lanes stand one after the other. */
  record Start(String lane, Place place) {

    /** Before all. */
    static final Start HEAD = new Start("", Place.HEAD);
  }

  /**
   * Up to where all is gone.
   *
   * @param lookedAt when the last slow look from the head ended
   * @param took how long that was
   */
  private record Mark(Place place, long lookedAt, long took) {

    Place begin(long nanos) {
      return nanos - lookedAt > PART * took ? Place.HEAD : place;
    }
  }

  /** By worker and lane. */
  private final Map<String, Map<String, Mark>> marks = new HashMap<>();

  /** Where to begin in a lane now, by {@link System#nanoTime}. */
  synchronized Place begin(String worker, String lane, long nanos) {
    Mark mark = of(worker).get(lane);
    return mark == null ? Place.HEAD : mark.begin(nanos);
  }

  /** Where to begin to look for any job of a worker. */
  synchronized Start begin(String worker, long nanos) {
    for (Map.Entry<String, Mark> mark : of(worker).entrySet()) {
      Place place = mark.getValue().begin(nanos);
      if (!place.equals(Place.HEAD)) {
        return new Start(mark.getKey(), place);
      }
    }
    return Start.HEAD;
  }

  /** A look from the head has passed many rows of jobs that are gone. */
  synchronized void slow(String worker, String lane, Place last, long nanos, long took) {
    of(worker).put(lane, new Mark(last, nanos, took));
  }

  /** A look from the head has passed few. */
  synchronized void quick(String worker, String lane) {
    of(worker).remove(lane);
  }

  /** A look from the mark ended there. */
  synchronized void advance(String worker, String lane, Place last) {
    of(worker).computeIfPresent(lane, (name, mark) -> new Mark(last, mark.lookedAt(), mark.took()));
  }

  private Map<String, Mark> of(String worker) {
    return marks.computeIfAbsent(worker, name -> new HashMap<>());
  }
}
