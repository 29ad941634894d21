package dev.coatcheck.testkit;

import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Durability;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.Weights;
import dev.coatcheck.testkit.Agenda.Upkeep;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A store in plain maps under one lock: what a store means, without what makes one fast or durable.
 * Several nodes may share the jobs, see {@link #anotherNode}; signals reach all of them. Listeners
 * are called on the thread that made the change.
 */
public final class InMemoryStore implements Store {

  public static final Duration LEASE = Duration.ofSeconds(30);

  private final Table table;
  private final RunnerId node;
  private final Claims.Self self;
  private final Hints hints = new Hints();
  private final Reader reader;
  private volatile boolean closed;
  private volatile boolean refusing;

  private InMemoryStore(Table table) {
    this.table = table;
    RandomGenerator random = table.random;
    node = new RunnerId(random.nextLong(), random.nextLong());
    self = new Claims.Self(node, random.nextLong(), random.nextLong());
    reader = new InMemoryReader(this, table);
    table.nodes.add(this);
  }

  public static InMemoryStore open(InstantSource clock, RandomGenerator random) {
    return open(clock, random, LEASE, Set.of("user"));
  }

  /**
   * An empty store.
   *
   * @param leaseDuration what leases of remote runners are extended by when the store restarts
   * @param indexedMetadata keys that {@link dev.coatcheck.store.JobQuery.Tag} may name
   */
  public static InMemoryStore open(
      InstantSource clock,
      RandomGenerator random,
      Duration leaseDuration,
      Set<String> indexedMetadata) {
    return open(clock, random, leaseDuration, indexedMetadata, Weights.EVEN);
  }

  /** An empty store whose lanes have weights. */
  public static InMemoryStore open(
      InstantSource clock,
      RandomGenerator random,
      Duration leaseDuration,
      Set<String> indexedMetadata,
      Weights weights) {
    return new InMemoryStore(new Table(clock, random, leaseDuration, indexedMetadata, weights));
  }

  /** A further node on the same jobs. */
  public InMemoryStore anotherNode() {
    return locked(() -> new InMemoryStore(table));
  }

  /** The store as a new process finds it after this one has ended, whether by a crash or not. */
  public InMemoryStore restart() {
    close();
    table.lock.lock();
    try {
      new Steps(table, now(), self).extendRemote(now().plus(table.leaseDuration));
      return new InMemoryStore(table);
    } finally {
      table.lock.unlock();
    }
  }

  /** From now on every change is refused as by a full disk, until it is called with false. */
  public void refuseChanges(boolean refuse) {
    refusing = refuse;
  }

  @Override
  public RunnerId node() {
    return node;
  }

  @Override
  public List<Result> commit(List<Command> commands) {
    return change(steps -> {
      List<Result> results = new ArrayList<>(commands.size());
      for (Command command : commands) {
        results.add(steps.apply(command));
      }
      return results;
    });
  }

  @Override
  public List<Grant> claim(ClaimPlan plan) {
    return change(steps -> steps.claim(plan));
  }

  @Override
  public List<Renewal> renew(RunnerId runner, List<LeaseToken> held, Duration lease) {
    return change(steps -> steps.renew(runner, held, millis(steps.now().plus(lease))));
  }

  @Override
  public void extend(Duration lease) {
    change(steps -> {
      steps.extendRemote(millis(steps.now().plus(lease)));
      return true;
    });
  }

  @Override
  public Restore fence(Instant cutAt) {
    return change(steps -> steps.fence(millis(cutAt)));
  }

  @Override
  public Sweep rescue(int max) {
    return sweep(Upkeep.RESCUE, max);
  }

  @Override
  public Sweep stage(int max) {
    return sweep(Upkeep.STAGE, max);
  }

  @Override
  public Sweep prune(int max) {
    return sweep(Upkeep.PRUNE, max);
  }

  private Sweep sweep(Upkeep upkeep, int max) {
    return change(steps -> {
      Instant now = steps.now();
      List<Row> due = table.agenda.due(upkeep, now, max);
      due.forEach(row -> steps.keepUp(upkeep, row));
      int moved = due.size();
      if (upkeep == Upkeep.STAGE) {
        moved = table.landings.isEmpty() ? moved : moved + steps.land(Math.max(0, max - moved));
        moved = table.landings.isEmpty() ? moved : max;
      }
      if (upkeep == Upkeep.PRUNE) {
        table.forget(now);
        moved += table.pruneFiles(now, max);
      }
      Instant next = moved >= max ? now : table.next(upkeep);
      if (upkeep == Upkeep.STAGE) {
        steps.told().scheduled(table.schedules.next());
      }
      hints.swept(upkeep, next);
      return new Sweep(moved, next);
    });
  }

  @Override
  public void probe() {
    change(Steps::now);
  }

  @Override
  public Durability durability() {
    return new Durability(Durability.Survives.NOTHING, "it is kept in memory");
  }

  @Override
  public Reader reader() {
    requireOpen();
    return reader;
  }

  @Override
  public Signals signals() {
    requireOpen();
    return hints;
  }

  @Override
  public void close() {
    table.lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      table.nodes.remove(this);
      Steps steps = new Steps(table, now(), self);
      steps.free(node);
      table.nodes.forEach(other -> other.hints.give(steps.told()));
    } finally {
      table.lock.unlock();
    }
  }

  Instant now() {
    return millis(table.clock.instant());
  }

  static Instant millis(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS);
  }

  <T> T read(Supplier<T> look) {
    return locked(look);
  }

  private <T> T change(Function<Steps, T> work) {
    Steps steps;
    T result;
    table.lock.lock();
    try {
      requireOpen();
      if (refusing) {
        throw new StoreUnavailableException("told to refuse", null);
      }
      steps = new Steps(table, now(), self);
      result = work.apply(steps);
    } finally {
      table.lock.unlock();
    }
    table.nodes.forEach(store -> store.hints.give(steps.told()));
    return result;
  }

  private <T> T locked(Supplier<T> work) {
    table.lock.lock();
    try {
      requireOpen();
      return work.get();
    } finally {
      table.lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreUnavailableException("the store is closed", null);
    }
  }
}
