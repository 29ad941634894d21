package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What this node does with its permits: which jobs it runs on them, as far as it knows, and what is
 * promised to transactions under way. It may believe that a job runs which does not, never the
 * other way round.
 */
final class Escrow {

  /** For so long nobody is asked again for permits that there were none of. */
  private static final long PATIENCE = Duration.ofMillis(250).toNanos();

  /** A grant of this node. */
  record Held(JobId job, long fence) {}

  private static final class Account {
    final Set<Held> running = new HashSet<>();
    long promised;

    /** As they were when last seen. */
    long permits;

    /** The least that was to spare since it was last asked. */
    long leastSpare;

    /** Whether less was given than wanted since it was last asked. */
    boolean wanting;

    long askAgain = System.nanoTime();

    long spare() {
      return permits - running.size() - promised;
    }

    void note() {
      leastSpare = Math.min(leastSpare, spare());
    }
  }

  private final Map<String, Account> accounts = new HashMap<>();

  /** Whether this node has permits to spare, as far as it remembers. */
  synchronized boolean spare(String worker) {
    return of(worker).spare() > 0;
  }

  /** Whether others may be asked for permits by now. */
  synchronized boolean mayAsk(String worker) {
    return System.nanoTime() - of(worker).askAgain >= 0;
  }

  /** Promises up to so many places of what there is; how many. */
  synchronized long promise(String worker, long permits, long wanted) {
    Account account = of(worker);
    long places = Math.clamp(permits - account.running.size() - account.promised, 0, wanted);
    account.promised += places;
    account.note();
    return places;
  }

  /** Promises all that is to spare; how many. */
  synchronized long withhold(String worker, long permits) {
    Account account = of(worker);
    account.permits = permits;
    long spare = Math.max(0, account.spare());
    account.promised += spare;
    return spare;
  }

  /** Less was given than wanted. */
  synchronized void wants(String worker) {
    of(worker).wanting = true;
  }

  /** There were no permits to be had. */
  synchronized void refused(String worker) {
    of(worker).askAgain = System.nanoTime() + PATIENCE;
  }

  /** A transaction is over, and what it was promised with it; these run, or perhaps do. */
  synchronized void settle(String worker, long promised, Collection<Held> granted) {
    Account account = of(worker);
    account.promised -= promised;
    account.running.addAll(granted);
    account.note();
  }

  /** What runs and what is promised. */
  synchronized long busy(String worker) {
    Account account = of(worker);
    return account.running.size() + account.promised;
  }

  synchronized void permits(String worker, long permits) {
    Account account = of(worker);
    account.permits = permits;
    account.note();
  }

  synchronized void ended(String worker, Held held) {
    Account account = accounts.get(worker);
    if (account == null) {
      return;
    }
    boolean ours = account.running.remove(held);
    if (!ours || account.spare() <= 0) {
      // It left a place that is not ours, or that we held beyond what we may by now.
      account.askAgain = System.nanoTime();
    }
  }

  synchronized List<String> workers() {
    return new ArrayList<>(accounts.keySet());
  }

  /** Promises what has been to spare since the last time, to be given back. */
  synchronized long idle(String worker) {
    Account account = of(worker);
    long idle = Math.max(0, Math.min(account.leastSpare, account.spare()));
    account.promised += idle;
    account.leastSpare = account.spare();
    return idle;
  }

  synchronized void gaveBack(String worker, long permits) {
    Account account = of(worker);
    account.promised -= permits;
    account.permits -= permits;
    account.leastSpare = account.spare();
  }

  /** Whether less was given than wanted since the last time. */
  synchronized boolean wanting(String worker) {
    Account account = of(worker);
    boolean wanting = account.wanting;
    account.wanting = false;
    return wanting;
  }

  /** What is believed to run, of each worker of which anything is. */
  synchronized Map<String, Set<Held>> running() {
    Map<String, Set<Held>> running = new HashMap<>();
    accounts.forEach((worker, account) -> {
      if (!account.running.isEmpty()) {
        running.put(worker, new HashSet<>(account.running));
      }
    });
    return running;
  }

  /** These have ended without our knowing. */
  synchronized void forget(String worker, Collection<Held> ended) {
    of(worker).running.removeAll(ended);
  }

  private Account of(String worker) {
    return accounts.computeIfAbsent(worker, name -> new Account());
  }
}
