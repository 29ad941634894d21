package dev.coatcheck.simulation.sabotage;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.base.Birth;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Defects of what is taken in. */
final class Intake {

  private Intake() {}

  /** M1: a submission is acknowledged before it is committed. */
  static final class EarlyAcknowledgement extends SabotagedStore {

    EarlyAcknowledgement(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    protected Result commit(Command command) {
      if (!(command instanceof Command.Submit(NewJob job, boolean start))
          || job.idempotency() != null
          || job.uniqueKey() != null) {
        return super.commit(command);
      }
      machine.fork(
          "late commit",
          () -> {
            meanwhile(500);
            super.commit(new Command.Submit(job, false));
          });
      return new Result.Accepted(Birth.of(job, job.id().createdAt()).stored());
    }
  }

  /** What all nodes of M18 remember of keys. */
  static final class Keys {
    private final Map<String, JobId> known = new HashMap<>();

    private static String name(TenantId tenant, Idempotency key) {
      return tenant + " " + key.key().text();
    }
  }

  /** M18: the key is looked for first, and the job stored later. */
  static final class CheckThenInsert extends SabotagedStore {

    private final Keys keys;

    CheckThenInsert(
        Store inner, Ledger ledger, SimMachine machine, InstantSource clock, Keys keys) {
      super(inner, ledger, machine, clock);
      this.keys = keys;
    }

    @Override
    protected Result commit(Command command) {
      if (!(command instanceof Command.Submit(NewJob job, boolean start))
          || job.idempotency() == null) {
        return super.commit(command);
      }
      String name = Keys.name(job.tenant(), job.idempotency());
      JobId known = keys.known.get(name);
      if (known != null) {
        return new Result.Replayed(known);
      }
      meanwhile(1_000);
      Result result = super.commit(new Command.Submit(withoutKey(job), start));
      if (result instanceof Result.Accepted || result instanceof Result.Started) {
        keys.known.put(name, job.id());
      }
      return result;
    }

    private static NewJob withoutKey(NewJob job) {
      return new NewJob(
          job.id(),
          job.tenant(),
          job.worker(),
          job.workerVersion(),
          job.input(),
          job.uniqueKey(),
          job.priority(),
          job.lane(),
          job.runAt(),
          job.delay(),
          job.queueTimeout(),
          job.runTimeout(),
          job.deadline(),
          job.maxAttempts(),
          job.queueLimit(),
          job.metadata(),
          job.files(),
          null,
          job.retryOf(),
          job.lineage(),
          job.occasion(),
          job.reuse(),
          job.holdMicros());
    }
  }

  /** M29: a tick that came second submits its job all the same. */
  static final class TickTwice extends SabotagedStore {

    TickTwice(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    protected Result commit(Command command) {
      Result result = super.commit(command);
      return command instanceof Command.Tick tick
              && tick.job() != null
              && result instanceof Result.TickLost
              && super.commit(new Command.Submit(tick.job(), false))
                  instanceof Result.Accepted(var job)
          ? new Result.Ticked(job)
          : result;
    }
  }

  /** M28: a file is listed before it is committed. */
  static final class EarlyFile extends SabotagedStore {

    EarlyFile(Store inner, Ledger ledger, SimMachine machine, InstantSource clock) {
      super(inner, ledger, machine, clock);
    }

    @Override
    protected Result commit(Command command) {
      if (command instanceof Command.AddFile(StoredFile file)) {
        machine.fork(
            "late commit",
            () -> {
              meanwhile(8_000);
              super.commit(command);
            });
        return new Result.FileAdded();
      }
      if (command instanceof Command.Settle(LeaseToken lease, Outcome.Succeeded success)
          && !success.files().isEmpty()) {
        return listed(lease, success);
      }
      return super.commit(command);
    }

    private Result listed(LeaseToken lease, Outcome.Succeeded success) {
      List<FileId> files = success.files();
      Outcome.Succeeded bare = new Outcome.Succeeded(success.output(), success.usage());
      ledger.alter(
          lease.job(),
          job ->
              job.phase() == Phase.SUCCEEDED
                  ? Ledger.with(job, job.phase(), job.output(), job.error(), files)
                  : job);
      return super.commit(new Command.Settle(lease, bare));
    }
  }
}
