package dev.coatcheck.simulation.store;

import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.simulation.check.StoreWitness;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Durability;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A node's way to its store. Each effect is told to the witness at once, command by command; as no
 * other task can come between them, a group is still one transaction.
 */
public final class SimStore implements Store {

  private final String node;
  private final Store inner;
  private final Trouble trouble;
  private final StoreWitness witness;
  private final Signals signals;
  private final Reader reader;

  public SimStore(
      String node, Store inner, Trouble trouble, StoreWitness witness, Signals signals) {
    this.node = node;
    this.inner = inner;
    this.trouble = trouble;
    this.witness = witness;
    this.signals = signals;
    this.reader = new SimReader(inner.reader(), trouble);
  }

  @Override
  public RunnerId node() {
    return inner.node();
  }

  @Override
  public List<Result> commit(List<Command> commands) {
    return trouble.change(() -> {
      List<Result> results = new ArrayList<>(commands.size());
      for (Command command : commands) {
        Result result = inner.commit(List.of(command)).getFirst();
        witness.committed(node, command, result);
        results.add(result);
      }
      return results;
    });
  }

  @Override
  public List<Grant> claim(ClaimPlan plan) {
    return trouble.change(() -> {
      List<Grant> grants = inner.claim(plan);
      witness.claimed(node, plan, grants);
      return grants;
    });
  }

  @Override
  public List<Renewal> renew(RunnerId runner, List<LeaseToken> held, Duration lease) {
    return trouble.change(() -> {
      List<Renewal> renewals = inner.renew(runner, held, lease);
      witness.renewed(node, runner, renewals);
      return renewals;
    });
  }

  @Override
  public void extend(Duration lease) {
    trouble.change(() -> {
      inner.extend(lease);
      witness.extended(node, lease);
      return true;
    });
  }

  @Override
  public Restore fence(Instant cutAt) {
    return trouble.change(() -> inner.fence(cutAt));
  }

  @Override
  public Sweep rescue(int max) {
    return trouble.change(() -> {
      Sweep sweep = inner.rescue(max);
      witness.swept(node, true);
      return sweep;
    });
  }

  @Override
  public Sweep stage(int max) {
    return trouble.change(() -> {
      Sweep sweep = inner.stage(max);
      witness.swept(node, false);
      return sweep;
    });
  }

  @Override
  public Sweep prune(int max) {
    return trouble.change(() -> {
      Sweep sweep = inner.prune(max);
      witness.pruned(node);
      return sweep;
    });
  }

  @Override
  public void probe() {
    trouble.change(() -> {
      inner.probe();
      return true;
    });
  }

  @Override
  public Durability durability() {
    return inner.durability();
  }

  @Override
  public Reader reader() {
    return reader;
  }

  @Override
  public Signals signals() {
    return signals;
  }

  @Override
  public void close() {
    trouble.alive();
    inner.close();
    witness.closed(node);
  }
}
