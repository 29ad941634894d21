package dev.coatcheck.store;

import dev.coatcheck.lease.RunnerId;
import java.time.Duration;
import java.util.List;

/**
 * What a runner can start now, in the order of its choice.
 *
 * @param wants at most one entry a worker
 * @param max jobs of all workers together, at most
 */
public record ClaimPlan(Holder holder, List<Want> wants, int max) {

  /** A plan that is bounded by its wants alone. */
  public ClaimPlan(Holder holder, List<Want> wants) {
    this(holder, wants, Integer.MAX_VALUE);
  }

  /** At most this many jobs of one worker. */
  public record Want(String worker, int max) {}

  /** Who will hold the leases, and what keeps them alive. */
  public sealed interface Holder {

    /** This process: its leases live as long as the node is alive. */
    record Node() implements Holder {}

    /** A client elsewhere: each lease lives for {@code lease} from its last renewal. */
    record Remote(RunnerId runner, Duration lease) implements Holder {}
  }
}
