package dev.coatcheck.operation;

import dev.coatcheck.job.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Work on many jobs that is done in slices, and survives whoever does it.
 *
 * @param matched how many jobs were meant when it began, no more than its limit
 * @param version raised by each slice: whoever does one names the version that he knows
 * @param place the last job that was dealt with; null before the first
 * @param dueAt when the next slice may be done
 */
public record Operation(
    OperationId id,
    TenantId tenant,
    Order order,
    Pace pace,
    long matched,
    Tally tally,
    long version,
    @Nullable Place place,
    Instant createdAt,
    Instant dueAt,
    @Nullable Instant finishedAt) {

  /**
   * What became of the jobs dealt with so far.
   *
   * @param skipped which there was nothing to do with any more
   * @param failed which it could not be done with
   */
  public record Tally(long succeeded, long skipped, long failed) {

    public static final Tally NOTHING = new Tally(0, 0, 0);

    public long all() {
      return succeeded + skipped + failed;
    }

    public Tally plus(Tally more) {
      return new Tally(succeeded + more.succeeded, skipped + more.skipped, failed + more.failed);
    }
  }

  /** As it is told when it begins, at this instant. */
  public static Operation begun(
      OperationId id, TenantId tenant, Order order, Pace pace, long matched, Instant now) {
    return new Operation(id, tenant, order, pace, matched, Tally.NOTHING, 0, null, now, now, null);
  }

  public boolean done() {
    return finishedAt != null;
  }

  /** How many jobs it may still deal with. */
  public long left() {
    Long limit = pace.limit();
    return limit == null ? Long.MAX_VALUE : limit - tally.all();
  }

  /** The same after a slice. */
  public Operation advanced(
      Tally more, @Nullable Place reached, Instant nextDue, @Nullable Instant finished) {
    return new Operation(
        id,
        tenant,
        order,
        pace,
        matched,
        tally.plus(more),
        version + 1,
        reached,
        createdAt,
        nextDue,
        finished);
  }
}
