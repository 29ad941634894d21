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

  /** New jobs that may be granted to this node with their submission. */
  private final Set<JobId> starting = ConcurrentHashMap.newKeySet();

  /** Leases whose end is being recorded while nothing runs under them any more. */
  private final Set<LeaseToken> ending = ConcurrentHashMap.newKeySet();

  private volatile long doubtedAt;
  private long lookedAt;

  /**
   * None at first.
   *
   * @param runs whether an attempt runs here under the lease
   */
  Strays(Store store, Committer committer, Machine machine, Predicate<LeaseToken> runs) {
    this.store = store;
    this.committer = committer;
    this.machine = machine;
    this.runs = runs;
    this.lookedAt = machine.nanos() - BETWEEN_LOOKS.toNanos();
    this.doubtedAt = machine.nanos() - DOUBT.toNanos();
  }

  /** The job may be granted to this node with its submission. */
  void starting(JobId job) {
    starting.add(job);
  }

  /** It was not, or its attempt runs. */
  void started(JobId job) {
    starting.remove(job);
  }

  /** The end of the lease is being recorded. */
  void ending(LeaseToken lease) {
    ending.add(lease);
  }

  /** It is recorded. */
  void ended(LeaseToken lease) {
    ending.remove(lease);
  }

  /** It is not known whether something was granted. */
  void doubt() {
    doubtedAt = machine.nanos();
  }

  /** Hands back what is held and not known of, if there is doubt. */
  void handBack() {
    long now = machine.nanos();
    if (now - doubtedAt >= DOUBT.toNanos() || now - lookedAt < BETWEEN_LOOKS.toNanos()) {
      return;
    }
    lookedAt = now;
    try {
      for (LeaseToken lease : store.reader().heldBy(store.node())) {
        handBackUnknown(lease);
      }
    } catch (StoreUnavailableException trouble) {
      doubt();
      log.warn("could not look for lost grants: {}", trouble.getMessage());
    }
  }

  private void handBackUnknown(LeaseToken lease) {
    // In this order: an attempt runs before its job is no longer starting. By the lease, not by the
    // job: an attempt that ignores its end may still run under an earlier one.
    if (!starting.contains(lease.job()) && !ending.contains(lease) && !runs.test(lease)) {
      doubt();
      log.warn("{} was granted to this node without its knowledge", lease.job());
      committer.post(new Command.Park(lease, new Parking.Release()), result -> {});
    }
  }
}
