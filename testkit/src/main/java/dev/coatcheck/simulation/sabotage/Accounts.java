package dev.coatcheck.simulation.sabotage;

import dev.coatcheck.event.Note;
import dev.coatcheck.job.Job;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.Sweep;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Defects of what is kept: output, usage, finished jobs. */
final class Accounts {

  private Accounts() {}

  /** S1: a piece of output that is given again, since the answer was lost, is added again. */
  static final class OutputTwice extends SabotagedStore {

    private final Map<LeaseToken, Long> kept = new HashMap<>();

    OutputTwice(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    protected Result commit(Command command) {
      Result result = super.commit(atTheEnd(command));
      if (command instanceof Command.Append(var lease, var notes, var usage)
          && result instanceof Result.Appended(long chunks)) {
        kept.put(lease, chunks);
      }
      return result;
    }

    private Command atTheEnd(Command command) {
      if (!(command instanceof Command.Append(var lease, var notes, var usage))
          || notes.size() != 1
          || !(notes.getFirst() instanceof Note.Output(long offset, List<String> chunks))) {
        return command;
      }
      long end = Math.max(offset, kept.getOrDefault(lease, 0L));
      return new Command.Append(lease, List.of(new Note.Output(end, chunks)), usage);
    }
  }

  /** S2: usage that comes after the end of a lease is charged. */
  static final class LateUsageCharged extends SabotagedStore {

    LateUsageCharged(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    protected Result commit(Command command) {
      Result result = super.commit(command);
      if (command instanceof Command.ReportUsage(var lease, var usage)
          && result instanceof Result.UsageKept(boolean late)
          && late) {
        ledger.alter(lease.job(), job -> Ledger.charged(job, usage));
      }
      return result;
    }
  }

  /** S3: a finished job is deleted before its time. */
  static final class EarlyPrune extends SabotagedStore {

    EarlyPrune(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    public Sweep prune(int max) {
      for (Ledger.Lease lease : ledger.everyJob()) {
        stored(lease.grant()).filter(this::young).ifPresent(job -> ledger.hide(job.id()));
      }
      return super.prune(max);
    }

    private boolean young(Job job) {
      Instant expires = job.times().expiresAt();
      return job.done() && expires != null && expires.isAfter(clock.instant());
    }
  }
}
