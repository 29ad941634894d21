package dev.coatcheck.simulation.store;

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
import dev.coatcheck.store.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Another store, as it is; commands one by one. */
public class ForwardingStore implements Store {

  private final Store inner;

  protected ForwardingStore(Store inner) {
    this.inner = inner;
  }

  @Override
  public RunnerId node() {
    return inner.node();
  }

  @Override
  public final List<Result> commit(List<Command> commands) {
    List<Result> results = new ArrayList<>(commands.size());
    for (Command command : commands) {
      results.add(commit(command));
    }
    return results;
  }

  /** Commits one command. */
  protected Result commit(Command command) {
    return inner.commit(List.of(command)).getFirst();
  }

  @Override
  public List<Grant> claim(ClaimPlan plan) {
    return inner.claim(plan);
  }

  @Override
  public List<Renewal> renew(RunnerId runner, List<LeaseToken> held, Duration lease) {
    return inner.renew(runner, held, lease);
  }

  @Override
  public void extend(Duration lease) {
    inner.extend(lease);
  }

  @Override
  public Restore fence(Instant cutAt) {
    return inner.fence(cutAt);
  }

  @Override
  public Sweep rescue(int max) {
    return inner.rescue(max);
  }

  @Override
  public Sweep stage(int max) {
    return inner.stage(max);
  }

  @Override
  public Sweep prune(int max) {
    return inner.prune(max);
  }

  @Override
  public void probe() {
    inner.probe();
  }

  @Override
  public Durability durability() {
    return inner.durability();
  }

  @Override
  public Reader reader() {
    return inner.reader();
  }

  @Override
  public Signals signals() {
    return inner.signals();
  }

  @Override
  public void close() {
    inner.close();
  }
}
