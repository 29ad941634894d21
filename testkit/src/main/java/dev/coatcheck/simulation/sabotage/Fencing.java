package dev.coatcheck.simulation.sabotage;

import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Defects of fences and leases. */
final class Fencing {

  private Fencing() {}

  /** M4: an outcome is taken from whoever brings it. */
  static final class NoFenceAtTheEnd extends SabotagedStore {

    NoFenceAtTheEnd(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    protected Result commit(Command command) {
      Result result = super.commit(command);
      if (command instanceof Command.Settle(LeaseToken lease, Outcome outcome)
          && result instanceof Result.LeaseLost) {
        Ledger.Lease stale = ledger.of(lease);
        Optional<LeaseToken> now = stale == null ? Optional.empty() : holding(stale.grant());
        return now.isPresent() ? super.commit(new Command.Settle(now.get(), outcome)) : result;
      }
      return result;
    }
  }

  /** M5: who a runner is, and not which grant it has, gives the right to speak (aegra #547). */
  static final class NameAsFence extends SabotagedStore {

    NameAsFence(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    protected Result commit(Command command) {
      Result result = super.commit(command);
      return result instanceof Result.LeaseLost ? again(command, result) : result;
    }

    private Result again(Command command, Result refusal) {
      return switch (command) {
        case Command.Settle(var lease, var outcome) ->
            sameRunner(lease)
                .map(now -> super.commit(new Command.Settle(now, outcome)))
                .orElse(refusal);
        case Command.Park(var lease, var parking) ->
            sameRunner(lease)
                .map(now -> super.commit(new Command.Park(now, parking)))
                .orElse(refusal);
        case Command.Append(var lease, var notes, var usage) ->
            sameRunner(lease)
                .map(now -> super.commit(new Command.Append(now, notes, usage)))
                .orElse(refusal);
        default -> refusal;
      };
    }

    private Optional<LeaseToken> sameRunner(LeaseToken token) {
      Ledger.Lease stale = ledger.of(token);
      Ledger.Lease last = ledger.last(token.job());
      if (stale == null || last == null || !Objects.equals(stale.remote(), last.remote())) {
        return Optional.empty();
      }
      return holding(stale.grant());
    }
  }

  /** M6: a heartbeat extends a lease that was taken back. */
  static final class HeartbeatRevives extends SabotagedStore {

    HeartbeatRevives(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    public List<Renewal> renew(RunnerId runner, List<LeaseToken> held, Duration lease) {
      Instant until = clock.instant().plus(lease);
      List<Renewal> renewals = new ArrayList<>();
      for (Renewal renewal : super.renew(runner, held, lease)) {
        renewals.add(new Renewal(renewal.lease(), until));
      }
      return renewals;
    }
  }

  /** M7: the sweeper writes by id what it decided from an earlier read (River #1302). */
  static final class SweepById extends SabotagedStore {

    SweepById(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    public Sweep rescue(int max) {
      List<Ledger.Lease> read = ledger.expired(clock.instant());
      if (!read.isEmpty()) {
        meanwhile(800);
      }
      read.forEach(this::write);
      return super.rescue(max);
    }

    private void write(Ledger.Lease lease) {
      Ledger.Lease now = Objects.requireNonNull(ledger.last(lease.token().job()));
      Optional<Job> job = stored(lease.grant());
      boolean moved = !now.equals(lease);
      if (moved && job.isPresent() && job.get().phase() == Phase.RUNNING) {
        inner.commit(List.of(new Command.Park(now.token(), new Parking.Release())));
      }
    }
  }

  /** M10: a completion overwrites a cancel (windmill). */
  static final class EndOverCancel extends SabotagedStore {

    EndOverCancel(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    protected Result commit(Command command) {
      Result result = super.commit(command);
      if (command instanceof Command.Settle(LeaseToken lease, Outcome.Succeeded success)
          && result instanceof Result.LeaseLost) {
        Ledger.Lease known = ledger.of(lease);
        Optional<Job> job = known == null ? Optional.empty() : stored(known.grant());
        if (job.isPresent() && job.get().phase() == Phase.CANCELED) {
          ledger.alter(
              lease.job(), was -> Ledger.ended(was, Phase.SUCCEEDED, success.output(), null));
        }
      }
      return result;
    }
  }

  /** M9: a cancel reads first and writes later, whatever has happened meanwhile. */
  static final class CancelReadsFirst extends SabotagedStore {

    CancelReadsFirst(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    protected Result commit(Command command) {
      if (!(command instanceof Command.Cancel(var tenant, var id))) {
        return super.commit(command);
      }
      boolean open = stored(tenant, id).filter(job -> !job.done()).isPresent();
      meanwhile(1_000);
      Result result = super.commit(command);
      if (open && result instanceof Result.AlreadyDone(Job done)) {
        JobError error =
            JobError.of(ErrorCode.CANCELED, "the job was canceled", false, done.attempt());
        ledger.alter(id, was -> Ledger.ended(was, Phase.CANCELED, null, error));
        return new Result.Canceled(ledger.seen(done));
      }
      return result;
    }
  }

  /** M21: an attempt whose lease ran out does not count. */
  static final class LossUncounted extends SabotagedStore {

    LossUncounted(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    public Sweep rescue(int max) {
      for (Ledger.Lease lease : ledger.expired(clock.instant())) {
        inner.commit(List.of(new Command.Park(lease.token(), new Parking.Release())));
      }
      return super.rescue(max);
    }
  }

  /** M23: a lease runs out by the clock of whoever looks. */
  static final class OwnClock extends SabotagedStore {

    OwnClock(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    public Sweep rescue(int max) {
      for (Ledger.Lease lease : ledger.expired(machine.now())) {
        inner.commit(List.of(new Command.Park(lease.token(), new Parking.Release())));
      }
      return super.rescue(max);
    }
  }
}
