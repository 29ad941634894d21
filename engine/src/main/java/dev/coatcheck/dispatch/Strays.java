package dev.coatcheck.dispatch;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Grants that the store gave this node while its answer was lost. Nobody else takes them back, as
 * the node lives; so for a while after such trouble the node compares what it holds by the store's
 * account with what it knows of, and hands the rest back unworked.
 */
final class Strays {

  private static final Logger log = LoggerFactory.getLogger(Strays.class);

  /** For so long a transaction of which nothing was heard may still take effect. */
  private static final Duration DOUBT = Duration.ofSeconds(30);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Store store;
  private final Committer committer;
  private final Machine machine;
  private final Predicate<LeaseToken> runs;

  /** Jobs that may be granted to this node, or still are, while nothing of them runs. */
  private final Set<JobId> atHand = ConcurrentHashMap.newKeySet();

  private volatile long doubtedAt;
  private volatile boolean doubting;
  private long lookedAt;

  /**
   * None at first.
   *
   * @param runs whether the attempt under a lease runs here
   */
  Strays(Store store, Committer committer, Machine machine, Predicate<LeaseToken> runs) {
    this.store = store;
    this.committer = committer;
    this.machine = machine;
    this.runs = runs;
    this.lookedAt = machine.nanos() - BETWEEN_LOOKS.toNanos();
  }

  /** Somebody deals with a grant of the job that does not run, or not yet. */
  void atHand(JobId job) {
    atHand.add(job);
  }

  /** The grant is known to be over, or never to have been, or runs. */
  void dealtWith(JobId job) {
    atHand.remove(job);
  }

  /** It is not known whether something was granted. */
  void doubt() {
    doubtedAt = machine.nanos();
    doubting = true;
  }

  /** Hands back what is held and not known of, if there is doubt. */
  void handBack() {
    long now = machine.nanos();
    if (!doubting || now - lookedAt < BETWEEN_LOOKS.toNanos()) {
      return;
    }
    lookedAt = now;
    try {
      for (LeaseToken lease : store.reader().heldBy(store.node())) {
        handBackUnknown(lease);
      }
      doubting = now - doubtedAt < DOUBT.toNanos();
    } catch (StoreUnavailableException trouble) {
      log.warn("could not look for lost grants: {}", trouble.getMessage());
    }
  }

  private void handBackUnknown(LeaseToken lease) {
    // In this order: a job begins to run before it is no longer at hand.
    if (!atHand.contains(lease.job()) && !runs.test(lease)) {
      log.warn("{} was granted to this node without its knowledge", lease.job());
      committer.post(new Command.Park(lease, new Parking.Release()), result -> {});
    }
  }
}
