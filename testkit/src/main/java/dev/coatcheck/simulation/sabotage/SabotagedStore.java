package dev.coatcheck.simulation.sabotage;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.simulation.store.ForwardingReader;
import dev.coatcheck.simulation.store.ForwardingStore;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A store that keeps the books a defect needs, and has none yet. */
class SabotagedStore extends ForwardingStore {

  final Store inner;
  final Ledger ledger;
  final SimMachine machine;

  /** The time of the store, whatever the node's clock says. */
  final InstantSource clock;

  SabotagedStore(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
    super(inner);
    this.inner = inner;
    this.ledger = ledger;
    this.machine = machine;
    this.clock = clock;
  }

  @Override
  protected Result commit(Command command) {
    Result result = super.commit(command);
    if (result instanceof Result.Started(Job job, Grant grant)) {
      ledger.granted(grant, null);
    }
    return result;
  }

  @Override
  public List<Grant> claim(ClaimPlan plan) {
    List<Grant> grants = super.claim(plan);
    RunnerId remote = plan.holder() instanceof ClaimPlan.Holder.Remote far ? far.runner() : null;
    grants.forEach(grant -> ledger.granted(grant, remote));
    return grants;
  }

  @Override
  public List<Renewal> renew(RunnerId runner, List<LeaseToken> held, Duration lease) {
    List<Renewal> renewals = super.renew(runner, held, lease);
    for (Renewal renewal : renewals) {
      if (renewal.expiresAt() != null) {
        ledger.renewed(renewal.lease(), renewal.expiresAt());
      }
    }
    return renewals;
  }

  @Override
  public Reader reader() {
    return new Altered(super.reader(), ledger);
  }

  /** The job as it is stored. */
  Optional<Job> stored(TenantId tenant, JobId id) {
    return inner.reader().job(tenant, id) instanceof Reader.Lookup.Found(Job job)
        ? Optional.of(job)
        : Optional.empty();
  }

  Optional<Job> stored(Grant grant) {
    return stored(grant.tenant(), grant.token().job());
  }

  /** The token that holds the job now, if one does. */
  Optional<LeaseToken> holding(Grant of) {
    Ledger.Lease last = ledger.last(of.token().job());
    boolean runs = stored(of).filter(job -> job.phase() == Phase.RUNNING).isPresent();
    return last == null || !runs ? Optional.empty() : Optional.of(last.token());
  }

  /** Lets others act between two steps that should have been one. */
  void meanwhile(int millisMax) {
    machine.pause(Duration.ofMillis(1 + machine.random().nextInt(millisMax)));
  }

  /** Jobs as the defect has left them. */
  static final class Altered extends ForwardingReader {

    private final Ledger ledger;

    Altered(Reader inner, Ledger ledger) {
      super(inner);
      this.ledger = ledger;
    }

    @Override
    public Lookup job(TenantId tenant, JobId id) {
      if (ledger.hides(id)) {
        return new Lookup.Gone();
      }
      Lookup lookup = super.job(tenant, id);
      return lookup instanceof Lookup.Found(Job job) ? new Lookup.Found(ledger.seen(job)) : lookup;
    }
  }
}
