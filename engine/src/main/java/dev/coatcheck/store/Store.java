package dev.coatcheck.store;

import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The durable store. Every call that changes something is one transaction: when it returns, what it
 * tells is durable; when it throws {@link StoreUnavailableException}, the caller does not know.
 * Time is the store's clock. Safe for use from any number of threads.
 *
 * <p>The fence of a job starts at 1 and is raised by one at each grant and at each end of a grant,
 * whoever ends it, when a suspended job goes on, and when an open job ends without a grant. Moving
 * a waiting job to ready leaves it.
 */
public interface Store extends AutoCloseable {

  /** The identity of this process as a runner; new at every opening of the store. */
  RunnerId node();

  /** Applies the commands in order; the results stand in the same order. */
  List<Result> commit(List<Command> commands);

  /**
   * Grants ready jobs of workers that are not paused: by worker as the plan lists them. The places
   * of a worker are dealt to the lanes that have ready jobs by their weights; within a lane higher
   * priority goes first, then the older. Jobs past a clock of theirs are left to {@link #stage},
   * and what would exceed a worker's {@code concurrency} or {@code concurrencyPerKey} is left
   * alone: both hold for all nodes and runners together.
   */
  List<Grant> claim(ClaimPlan plan);

  /**
   * Extends the listed leases of a remote runner to {@code lease} from now; leases it does not list
   * run on to their end.
   */
  List<Renewal> renew(RunnerId runner, List<LeaseToken> held, Duration lease);

  /** Lets every lease of a remote runner last for {@code lease} from now at least. */
  void extend(Duration lease);

  /**
   * Begins anew after the database was put back to an earlier state, and remembers that: ends every
   * lease, of nodes and of remote runners, as if its holder had released the job. What a holder
   * says later is refused. Suspended jobs stay so, and tokens that may call back still may.
   *
   * @param cutAt as of when the database is
   */
  Restore fence(Instant cutAt);

  /**
   * Looks after what runs. Takes back what dead nodes and expired leases held: to ready while
   * attempts are left and fewer than {@link WorkerSpec#maxLost} were lost within {@link
   * #LOST_WITHIN}, else failed with {@code runner_lost}. Ends attempts of remote runners that ran
   * into their run timeout or the job's deadline, and suspensions whose callback did not come:
   * retried as the pinned version of the worker says.
   */
  Sweep rescue(int max);

  /** Makes due waiting jobs ready, and times out queued jobs past queue_timeout or deadline. */
  Sweep stage(int max);

  /**
   * Deletes finished jobs past their retention; their ids answer {@link Reader.Lookup.Gone}.
   * Deletes expired files too; one that an open job refers to stays for another hour.
   */
  Sweep prune(int max);

  /** The time within which lost attempts are counted against a worker's {@code maxLost}. */
  Duration LOST_WITHIN = Duration.ofHours(24);

  /** How long after the end of a job its callback tokens are known. */
  Duration CALLBACK_KEPT = Duration.ofHours(24);

  /**
   * Writes something that means nothing, as much as a middling job needs, and takes it away again.
   * When it returns, the store takes writes.
   */
  void probe();

  /** What an acknowledged job survives, as the store is set up at present. */
  Durability durability();

  Reader reader();

  Signals signals();

  /**
   * Makes what this node holds free for rescue and closes. A later call of any method throws {@link
   * StoreUnavailableException}.
   */
  @Override
  void close();
}
