package dev.coatcheck.simulation.sabotage;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.simulation.store.ForwardingReader;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** M27: jobs are read from a copy that follows the store some time later. */
final class Lagging extends SabotagedStore {

  private static final int LAG_MILLIS = 800;

  /** How each job stood, from when on. */
  static final class Past {

    private final Map<JobId, TenantId> tenants = new HashMap<>();
    private final Map<JobId, TreeMap<Instant, Lookup>> states = new HashMap<>();

    private void changed(JobId job, Reader honest, Instant now) {
      TenantId tenant = tenants.get(job);
      if (tenant != null) {
        states.computeIfAbsent(job, id -> new TreeMap<>()).put(now, honest.job(tenant, job));
      }
    }

    /** Nobody knew of a job before it came. */
    private Lookup at(JobId job, Instant then) {
      Map.Entry<Instant, Lookup> state = states.getOrDefault(job, new TreeMap<>()).floorEntry(then);
      return state == null ? new Lookup.Unknown() : state.getValue();
    }
  }

  private final Past past;
  private final Duration lag;

  Lagging(Store inner, Ledger ledger, SimMachine machine, InstantSource clock, Past past) {
    super(inner, ledger, machine, clock);
    this.past = past;
    lag = Duration.ofMillis(1 + machine.random().nextInt(LAG_MILLIS));
    inner.signals().listen(new Follower());
  }

  @Override
  protected Result commit(Command command) {
    if (command instanceof Command.Submit(var job, boolean start)) {
      past.tenants.put(job.id(), job.tenant());
    }
    return super.commit(command);
  }

  @Override
  public Reader reader() {
    return new ForwardingReader(super.reader()) {
      @Override
      public Lookup job(TenantId tenant, JobId id) {
        Lookup honest = super.job(tenant, id);
        return honest instanceof Lookup.Found ? past.at(id, clock.instant().minus(lag)) : honest;
      }
    };
  }

  private final class Follower implements Signals.Listener {

    @Override
    public void work(String worker) {}

    @Override
    public void changed(JobId job, Phase phase) {
      past.changed(job, inner.reader(), clock.instant());
    }

    @Override
    public void due(Instant at) {}
  }
}
