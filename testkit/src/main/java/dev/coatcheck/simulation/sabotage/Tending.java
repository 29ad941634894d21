package dev.coatcheck.simulation.sabotage;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.simulation.store.ForwardingReader;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.worker.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/** Defects of upkeep, of hints, and of what is told. */
final class Tending {

  private static final Duration DEAF_AFTER = Duration.ofSeconds(5);
  private static final Duration FALLBACK = Duration.ofMinutes(10);

  private Tending() {}

  /**
   * M8: the sweeper takes a batch full of rows it can do nothing with for the end (River #1318).
   */
  static final class FullBatchEnds extends SabotagedStore {

    private static final int BATCH = 2;

    FullBatchEnds(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    public Sweep stage(int max) {
      long rows = 0;
      for (Reader.KnownWorker worker : inner.reader().workers()) {
        rows += inner.reader().counts(worker.spec().name()).waiting();
      }
      return rows >= BATCH ? new Sweep(0, null) : super.stage(max);
    }
  }

  /** M22: hints stop coming, and the fallback looks every ten minutes. */
  static final class Deaf extends SabotagedStore {

    Deaf(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    private boolean deaf() {
      Duration age = Duration.between(SimMachine.BEGINNING, clock.instant());
      return age.compareTo(DEAF_AFTER) > 0;
    }

    @Override
    public Signals signals() {
      Signals honest = super.signals();
      return new Signals() {
        @Override
        public boolean lossy() {
          return honest.lossy();
        }

        @Override
        public void listen(Listener listener) {
          honest.listen(new Ears(listener));
        }
      };
    }

    private final class Ears implements Signals.Listener {
      private final Signals.Listener listener;

      Ears(Signals.Listener listener) {
        this.listener = listener;
      }

      @Override
      public void work(String worker) {
        if (!deaf()) {
          listener.work(worker);
        }
      }

      @Override
      public void changed(JobId job, Phase phase) {
        listener.changed(job, phase);
      }

      @Override
      public void due(Instant at) {
        listener.due(at);
      }
    }

    @Override
    public Reader reader() {
      return new ForwardingReader(super.reader()) {
        @Override
        public Set<String> ready(Set<String> workers) {
          Set<String> honest = super.ready(workers);
          Duration age = Duration.between(SimMachine.BEGINNING, clock.instant());
          boolean looks = age.toMillis() % FALLBACK.toMillis() < Duration.ofSeconds(5).toMillis();
          return looks ? honest : Set.of();
        }
      };
    }
  }

  /** M24: retries wait for exactly their bound. */
  static final class NoJitter extends SabotagedStore {

    NoJitter(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    protected Result commit(Command command) {
      return command instanceof Command.Park(var lease, Parking.Backoff backoff)
              && inner.reader().standing(lease) instanceof Standing.Held held
          ? super.commit(new Command.Park(lease, unspread(backoff, held)))
          : super.commit(command);
    }

    private Parking unspread(Parking.Backoff backoff, Standing.Held held) {
      RetryPolicy retry =
          inner.reader().worker(held.worker(), held.workerVersion()).orElseThrow().retry();
      boolean floor = backoff.error().message().contains("after=");
      Duration delay = floor ? backoff.delay() : retry.bound(held.attempt());
      return new Parking.Backoff(backoff.error(), backoff.usage(), delay);
    }
  }

  /** M26: a stream that is resumed begins with the event that was read last. */
  static final class ResumeOffByOne extends SabotagedStore {

    ResumeOffByOne(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    public Reader reader() {
      return new ForwardingReader(super.reader()) {
        @Override
        public EventPage events(TenantId tenant, JobId id, long after, int limit) {
          return super.events(tenant, id, after > 0 ? after - 1 : 0, limit);
        }
      };
    }
  }
}
