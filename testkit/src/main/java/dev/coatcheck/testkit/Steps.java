package dev.coatcheck.testkit;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.Result;
import dev.coatcheck.testkit.Agenda.Upkeep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All that can be done within one transaction. */
final class Steps {

  private final Transaction tx;
  private final Table table;
  private final Claims claims;
  private final Intake intake;
  private final Outcomes outcomes;
  private final Notes notes;
  private final Callbacks callbacks;
  private final Clocks clocks;
  private final Bulk bulk;

  Steps(Table table, Instant now, Claims.Self self) {
    this.table = table;
    tx = new Transaction(table, now);
    claims = new Claims(tx, self);
    intake = new Intake(tx, claims);
    outcomes = new Outcomes(tx);
    notes = new Notes(tx);
    callbacks = new Callbacks(tx, notes);
    clocks = new Clocks(tx, callbacks, outcomes);
    bulk = new Bulk(tx, intake, outcomes);
  }

  /** The time of the transaction. */
  Instant now() {
    return tx.now;
  }

  Hints.Told told() {
    return tx.told;
  }

  Result apply(Command command) {
    return switch (command) {
      case Command.Submit submit -> intake.submit(submit.job(), submit.start());
      case Command.SubmitAll all -> intake.submitAll(all.jobs());
      case Command.Settle settle -> outcomes.settle(settle);
      case Command.Park park -> outcomes.park(park.lease(), park.parking());
      case Command.Suspend suspend -> callbacks.suspend(suspend);
      case Command.OpenCallback open -> callbacks.open(open);
      case Command.Receive receive -> callbacks.receive(receive.token(), receive.notice());
      case Command.ReceiveProgress progress -> callbacks.progress(progress);
      case Command.ReportUsage report -> notes.reportUsage(report.lease(), report.usage());
      case Command.Append append -> notes.append(append);
      case Command.Cancel cancel -> outcomes.cancel(cancel);
      case Command.RunnerStopped stopped -> outcomes.runnerStopped(stopped.lease());
      case Command.AddFile added -> addFile(added.file());
      case Command.DefineSchedule define -> table.schedules.define(tx, define);
      case Command.RemoveSchedule gone ->
          table.schedules.remove(tx, gone.tenant(), gone.schedule());
      case Command.Tick tick -> table.schedules.tick(tx, intake, tick);
      case Command.Define define -> table.workers.define(define.spec(), define.source());
      case Command.Remove remove -> remove(remove.worker());
      case Command.Pause pause -> pause(pause.worker(), pause.paused());
      case Command.Redrive redrive -> bulk.redrive(redrive.job());
      case Command.Discard discard -> bulk.discard(discard);
      case Command.Begin begin -> bulk.begin(begin);
      case Command.Advance advance -> bulk.advance(advance);
    };
  }

  private Result addFile(StoredFile file) {
    table.files.put(file.id(), file);
    tx.told.due(Upkeep.PRUNE, file.expiresAt());
    return new Result.FileAdded();
  }

  private Result.RemoveResult remove(String worker) {
    if (!table.workers.inUse(worker)) {
      return new Result.NoSuchWorker();
    }
    long open = table.counts(worker).open();
    if (open > 0) {
      return new Result.InUse(open);
    }
    table.workers.remove(worker);
    return new Result.Removed();
  }

  private Result.PauseResult pause(String worker, boolean paused) {
    if (!table.workers.inUse(worker)) {
      return new Result.NoSuchWorker();
    }
    table.workers.pause(worker, paused);
    if (!paused) {
      tx.tellWorkIfReady(worker);
    }
    return new Result.PauseSet();
  }

  List<Grant> claim(ClaimPlan plan) {
    return claims.claim(plan);
  }

  List<Renewal> renew(RunnerId runner, List<LeaseToken> held, Instant until) {
    List<Renewal> renewals = new ArrayList<>(held.size());
    for (LeaseToken token : held) {
      boolean holds = renewed(tx.held(token), runner, until);
      renewals.add(new Renewal(token, holds ? until : null));
    }
    return renewals;
  }

  private boolean renewed(@Nullable Row row, RunnerId runner, Instant until) {
    if (row == null || row.local || !runner.equals(row.last().runner)) {
      return false;
    }
    table.take(row);
    row.leaseUntil = until;
    table.put(row);
    return true;
  }

  /** Does to a due row what its time asks for. */
  void keepUp(Upkeep upkeep, Row row) {
    switch (upkeep) {
      case STAGE -> clocks.stage(row);
      case RESCUE -> clocks.rescue(row);
      case PRUNE -> prune(row);
    }
  }

  /** Tells those who shared runs that are over; how many. */
  int land(int max) {
    int landed = 0;
    for (Row run : List.copyOf(table.landings)) {
      Iterator<Row> followers = Objects.requireNonNull(run.followers).iterator();
      while (followers.hasNext() && landed < max) {
        tx.land(followers.next(), run, !run.paid);
        run.paid = true;
        followers.remove();
        landed++;
      }
      if (run.followers.isEmpty()) {
        table.landings.remove(run);
      }
    }
    return landed;
  }

  private void prune(Row row) {
    table.take(row);
    table.forgetDeadLetter(row);
    table.rows.remove(row.id());
    table.orphanKeys(row, tx.now);
    table.pruned.put(row.id(), new Table.Pruned(row.born.tenant(), tx.now.plus(Table.PRUNED_KEPT)));
  }

  /** Leases of remote runners live through a restart, for at least this long. */
  void extendRemote(Instant least) {
    for (Row row : List.copyOf(table.rows.values())) {
      if (row.phase == Phase.RUNNING && !row.local && row.leaseUntil != null) {
        table.take(row);
        row.leaseUntil = row.leaseUntil.isBefore(least) ? least : row.leaseUntil;
        table.put(row);
      }
    }
  }

  /** Ends every lease as if its holder had released the job. */
  Restore fence(Instant cutAt) {
    List<Row> held =
        table.rows.values().stream().filter(row -> row.phase == Phase.RUNNING).toList();
    held.forEach(outcomes::release);
    Restore restore = new Restore(cutAt, tx.now, held.size());
    table.restores.add(restore);
    return restore;
  }

  /** What the node held is free for rescue. */
  void free(RunnerId node) {
    for (Row row : List.copyOf(table.rows.values())) {
      if (row.phase == Phase.RUNNING && row.local && node.equals(row.last().runner)) {
        table.take(row);
        row.leaseUntil = tx.now;
        table.put(row);
        tx.told.due(Upkeep.RESCUE, tx.now);
      }
    }
  }
}
