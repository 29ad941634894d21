package dev.coatcheck.testkit;

import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.testkit.Table.Upkeep;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A store in plain maps under one lock: what a store means, without what makes one fast or durable.
 * Several nodes may share the jobs, see {@link #anotherNode}; signals reach all of them. Listeners
 * are called on the thread that made the change.
 */
public final class InMemoryStore implements Store {

  public static final Duration LEASE = Duration.ofSeconds(30);

  private final Table table;
  private final RunnerId node;
  private final Steps.LocalHolder self;
  private final Hints hints = new Hints();
  private final Reader reader;
  private volatile boolean closed;
  private volatile boolean refusing;

  private InMemoryStore(Table table) {
    this.table = table;
    RandomGenerator random = table.random;
    node = new RunnerId(random.nextLong(), random.nextLong());
    self = new Steps.LocalHolder(node, random.nextLong(), random.nextLong());
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
    return new InMemoryStore(new Table(clock, random, leaseDuration, indexedMetadata));
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
      Instant least = now().plus(table.leaseDuration);
      for (Row row : List.copyOf(table.rows.values())) {
        if (row.phase == Phase.RUNNING && row.leaseUntil != null && !row.local) {
          table.take(row);
          row.leaseUntil = row.leaseUntil.isBefore(least) ? least : row.leaseUntil;
          table.put(row);
        }
      }
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
        results.add(apply(steps, command));
      }
      return results;
    });
  }

  private Result apply(Steps steps, Command command) {
    return switch (command) {
      case Command.Submit submit -> steps.submit(submit.job(), submit.start() ? self : null);
      case Command.Settle settle -> steps.settle(settle.lease(), settle.outcome());
      case Command.Park park -> steps.park(park.lease(), park.parking());
      case Command.Append append -> steps.append(append);
      case Command.Cancel cancel -> steps.cancel(cancel);
      case Command.RunnerStopped stopped -> steps.runnerStopped(stopped.lease());
      case Command.AddFile added -> steps.addFile(added.file());
      case Command.Define define -> steps.define(define.spec());
    };
  }

  @Override
  public List<Grant> claim(ClaimPlan plan) {
    return change(steps -> {
      Instant now = steps.now();
      List<Grant> grants = new ArrayList<>();
      for (ClaimPlan.Want want : plan.wants()) {
        List<Row> rows =
            table.ready(want.worker()).stream()
                .filter(row -> Objects.requireNonNull(row.wakeAt()).isAfter(now))
                .limit(want.max())
                .toList();
        for (Row row : rows) {
          table.take(row);
          grants.add(grant(steps, row, plan.holder(), now));
        }
      }
      return grants;
    });
  }

  private Grant grant(Steps steps, Row row, ClaimPlan.Holder holder, Instant now) {
    return switch (holder) {
      case ClaimPlan.Holder.Node local ->
          steps.grant(row, node, self.secretHigh(), self.secretLow(), null);
      case ClaimPlan.Holder.Remote remote -> {
        RandomGenerator random = table.random;
        Instant until = millis(now.plus(remote.lease()));
        yield steps.grant(row, remote.runner(), random.nextLong(), random.nextLong(), until);
      }
    };
  }

  @Override
  public List<Renewal> renew(RunnerId runner, List<LeaseToken> held, Duration lease) {
    return change(steps -> {
      Instant until = millis(steps.now().plus(lease));
      List<Renewal> renewals = new ArrayList<>(held.size());
      for (LeaseToken token : held) {
        boolean holds = renewed(table.rows.get(token.job()), runner, token, until);
        renewals.add(new Renewal(token, holds ? until : null));
      }
      return renewals;
    });
  }

  private boolean renewed(@Nullable Row row, RunnerId runner, LeaseToken token, Instant until) {
    if (row == null || !row.heldBy(token) || !runner.equals(row.runner) || row.local) {
      return false;
    }
    table.take(row);
    row.leaseUntil = until;
    table.put(row);
    return true;
  }

  @Override
  public Sweep rescue(int max) {
    return sweep(Upkeep.RESCUE, max, Steps::rescue);
  }

  @Override
  public Sweep stage(int max) {
    return sweep(Upkeep.STAGE, max, Steps::stage);
  }

  @Override
  public Sweep prune(int max) {
    return sweep(Upkeep.PRUNE, max, (steps, row) -> prune(row, steps.now()));
  }

  private interface Move {
    void of(Steps steps, Row row);
  }

  private Sweep sweep(Upkeep upkeep, int max, Move move) {
    return change(steps -> {
      Instant now = steps.now();
      List<Row> due = table.due(upkeep, now, max);
      due.forEach(row -> move.of(steps, row));
      int moved = due.size();
      if (upkeep == Upkeep.PRUNE) {
        table.forget(now);
        moved += table.pruneFiles(now, max);
      }
      Instant next = moved >= max ? now : table.next(upkeep);
      hints.swept(upkeep, next);
      return new Sweep(moved, next);
    });
  }

  private void prune(Row row, Instant now) {
    table.take(row);
    table.closeDeadLetter(row);
    table.rows.remove(row.id());
    table.orphanKeys(row, now);
    table.pruned.put(row.id(), new Table.Pruned(row.born.tenant(), now.plus(Table.PRUNED_KEPT)));
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
      Instant now = now();
      Hints.Told told = new Hints.Told();
      for (Row row : table.rows.values()) {
        if (row.phase == Phase.RUNNING && row.local && node.equals(row.runner)) {
          table.take(row);
          row.leaseUntil = now;
          table.put(row);
          told.due(Upkeep.RESCUE, now);
        }
      }
      table.nodes.forEach(other -> other.hints.give(told));
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
      steps = new Steps(table, now());
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
