package dev.coatcheck.event;

/**
 * Ids of a job's events: {@code fence × 1,000,000 + n}, so that they rise strictly within a job
 * without a counter of their own. A change of status has n = 0 under the fence that it raised; what
 * a runner reports counts from 1 under the fence that it holds; the failure that ended a grant
 * takes the last place of the old fence. Gaps are normal.
 */
public final class EventId {

  public static final long PER_FENCE = 1_000_000;

  /** How many files a grant can make; their events take the places before the failure's. */
  public static final int FILES_MAX = 1_000;

  /** The largest n that a runner's report can take. */
  public static final long REPORTS_MAX = PER_FENCE - 2 - FILES_MAX;

  private EventId() {}

  /** The event of the change of status that raised the fence to this value. */
  public static long ofStatus(long fence) {
    return fence * PER_FENCE;
  }

  /** The failure that ended the grant held under this fence. */
  public static long ofFailure(long fence) {
    return fence * PER_FENCE + PER_FENCE - 1;
  }

  /** The file of this place, from 0, among as many that were made under the fence. */
  public static long ofFile(long fence, int place, int of) {
    return ofFailure(fence) - of + place;
  }

  public static long fence(long id) {
    return id / PER_FENCE;
  }
}
