package dev.coatcheck.lend;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.event.Note;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.report.Ending;
import dev.coatcheck.report.Finish;
import dev.coatcheck.report.Reports;
import dev.coatcheck.report.Timers;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Result.AppendResult;
import dev.coatcheck.store.Result.ParkResult;
import dev.coatcheck.store.Result.SettleResult;
import dev.coatcheck.store.Result.SuspendResult;
import dev.coatcheck.store.Result.UsageResult;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.submit.Catalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lends jobs to runners elsewhere: leases, heartbeats, and every verb by which a runner tells what
 * became of a job. A lease that is not renewed in time is taken back by {@link Store#rescue}. All
 * methods may be called from any thread and block.
 */
public final class Lender {

  /** How long a runner that waits is left alone before it looks by itself. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  /**
   * What lending goes by.
   *
   * @param lease how long a lease lasts without a heartbeat
   */
  public record Terms(Duration lease, Catalog catalog, Finish finish) {}

  private final Store store;
  private final Committer committer;
  private final Machine machine;
  private final Timers timers;
  private final Terms terms;
  private final Runners runners;
  private final Waiting waiting;
  private final Loans loans;
  private volatile boolean stopping;

  public Lender(Store store, Committer committer, Machine machine, Timers timers, Terms terms) {
    this.store = store;
    this.committer = committer;
    this.machine = machine;
    this.timers = timers;
    this.terms = terms;
    this.runners = new Runners(machine, terms.lease());
    this.waiting = new Waiting(machine);
    this.loans = new Loans(store.reader());
  }

  /** How long a lease lasts without a heartbeat. */
  public Duration leaseDuration() {
    return terms.lease();
  }

  /** Who has been heard of. */
  public Runners runners() {
    return runners;
  }

  /** Gives jobs, at once or as soon as there are some within the wait. */
  public Loan lend(Order order) throws InterruptedException {
    RunnerId runner =
        order.runner() == null
            ? new RunnerId(machine.random().nextLong(), machine.random().nextLong())
            : order.runner();
    runners.arrived(runner, order);
    try {
      List<Grant> grants = await(runner, order);
      grants.forEach(loans::add);
      return new Loan(runner, grants);
    } finally {
      runners.left(runner);
    }
  }

  private List<Grant> await(RunnerId runner, Order order) throws InterruptedException {
    long until = machine.nanos() + order.patience().toNanos();
    try (Waiting.Place place = waiting.enter(order.workers())) {
      while (!stopping && !order.gone().getAsBoolean()) {
        List<Grant> grants = claim(runner, order);
        Duration left = Duration.ofNanos(until - machine.nanos());
        if (!grants.isEmpty() || !left.isPositive()) {
          return grants;
        }
        place.await(left.compareTo(LOOK) < 0 ? left : LOOK);
      }
      return List.of();
    } catch (StoreUnavailableException trouble) {
      // The store may be closed already when one who waited looks a last time.
      if (stopping) {
        return List.of();
      }
      throw trouble;
    }
  }

  private List<Grant> claim(RunnerId runner, Order order) {
    Set<String> ready = store.reader().ready(new LinkedHashSet<>(order.workers()));
    List<ClaimPlan.Want> wants = new ArrayList<>();
    for (String worker : order.workers()) {
      if (ready.contains(worker)) {
        wants.add(new ClaimPlan.Want(worker, order.max()));
      }
    }
    return wants.isEmpty()
        ? List.of()
        : store.claim(
            new ClaimPlan(new ClaimPlan.Holder.Remote(runner, terms.lease()), wants, order.max()));
  }

  /** Hands grants back whose runner will never learn of them. */
  public void undelivered(List<Grant> grants) throws InterruptedException {
    for (Grant grant : grants) {
      release(grant.token());
    }
  }

  /** Extends the listed leases, and only those; tells of each whether to go on. */
  public List<Verdict> heartbeat(RunnerId runner, List<Pulse> pulses) {
    runners.heard(runner);
    List<LeaseToken> held = pulses.stream().map(Pulse::lease).distinct().toList();
    Map<LeaseToken, Verdict> verdicts = new HashMap<>();
    if (!held.isEmpty()) {
      for (Renewal renewal : store.renew(runner, held, terms.lease())) {
        verdicts.put(renewal.lease(), verdict(renewal));
      }
    }
    for (Pulse pulse : pulses) {
      if (verdicts.get(pulse.lease()) instanceof Verdict.Ok) {
        take(pulse);
      }
    }
    return pulses.stream().map(Pulse::lease).map(verdicts::get).toList();
  }

  private Verdict verdict(Renewal renewal) {
    if (renewal.expiresAt() != null) {
      return new Verdict.Ok(renewal.lease(), renewal.expiresAt());
    }
    loans.close(renewal.lease());
    return new Verdict.Stop(renewal.lease(), reason(store.reader().standing(renewal.lease())));
  }

  private static Verdict.Reason reason(Standing standing) {
    return switch (standing) {
      case Standing.Unknown unknown -> Verdict.Reason.LOST;
      // Of another runner, though its token is known here.
      case Standing.Held foreign -> Verdict.Reason.LOST;
      case Standing.Ended(var tenant, Attempt.State state, var error) ->
          switch (state) {
            case CANCELED -> Verdict.Reason.CANCELED;
            case TIMED_OUT ->
                error == ErrorCode.DEADLINE ? Verdict.Reason.DEADLINE : Verdict.Reason.TIMED_OUT;
            case LOST, RUNNING -> Verdict.Reason.LOST;
            case SUCCEEDED, FAILED, RELEASED, SUSPENDED -> Verdict.Reason.FINISHED;
          };
    };
  }

  private void take(Pulse pulse) {
    Reports reports = loans.reports(pulse.lease(), this::reports);
    if (reports != null) {
      if (pulse.progress() != null) {
        reports.progress(pulse.progress());
      }
      if (pulse.usage() != null) {
        reports.usage(pulse.usage());
      }
    }
  }

  private Reports reports(LeaseToken lease) {
    return new Reports(lease, 0, committer, machine, timers, () -> loans.close(lease));
  }

  /** Tells how far the work is, thinned to ten a second; false if the lease is lost. */
  public boolean progress(LeaseToken lease, Progress progress) {
    if (!(store.reader().standing(lease) instanceof Standing.Held)) {
      loans.close(lease);
      return false;
    }
    take(new Pulse(lease, progress, null));
    return true;
  }

  /** Adds lines to the job's log. */
  public AppendResult log(LeaseToken lease, List<Note.Logged> lines) throws InterruptedException {
    return (AppendResult) committer.commit(new Command.Append(lease, List.copyOf(lines), null));
  }

  /** Adds to the job's output. What was accepted before is not added again. */
  public AppendResult output(LeaseToken lease, Note.Output output) throws InterruptedException {
    return (AppendResult) committer.commit(new Command.Append(lease, List.of(output), null));
  }

  /** Records what the attempt used so far, or had used when it ended. */
  public UsageResult usage(LeaseToken lease, Usage usage) throws InterruptedException {
    return (UsageResult) committer.commit(new Command.ReportUsage(lease, usage));
  }

  /** What a lease is for, and whether it is one; it may end before anything is done with it. */
  public Standing standing(LeaseToken lease) {
    return loans.lookUp(lease);
  }

  /** How a lease stands at this moment. */
  public Standing standingNow(LeaseToken lease) {
    return store.reader().standing(lease);
  }

  /** The work is done. */
  public SettleResult complete(LeaseToken lease, Outcome.Succeeded succeeded)
      throws InterruptedException {
    return (SettleResult) end(List.of(new LastWord.Done(lease, succeeded))).getFirst();
  }

  /**
   * The attempt failed; the worker's retry policy decides whether another follows.
   *
   * @return of {@link Command.Settle} or {@link Command.Park}
   */
  public Result fail(LeaseToken lease, WorkFailure failure) throws InterruptedException {
    return end(List.of(new LastWord.Failed(lease, failure))).getFirst();
  }

  /**
   * Records how the work on several jobs ended, in one commit. Each stands for itself: one whose
   * lease is lost does not touch the others.
   *
   * @return a result for each word, of {@link Command.Settle} or {@link Command.Park}
   */
  public List<Result> end(List<LastWord> words) throws InterruptedException {
    List<Optional<Command>> commands = words.stream().map(this::ending).toList();
    Iterator<Result> results =
        committer.commit(commands.stream().flatMap(Optional::stream).toList()).iterator();
    return commands.stream()
        .map(command -> command.isPresent() ? told(results.next()) : new Result.LeaseLost())
        .toList();
  }

  /** What is to be committed; empty if there is nothing that the word could end. */
  private Optional<Command> ending(LastWord word) {
    Optional<Command> command =
        switch (word) {
          case LastWord.Done done -> Optional.of(new Command.Settle(done.lease(), done.outcome()));
          case LastWord.Failed failed -> failure(failed);
        };
    loans.close(word.lease());
    return command;
  }

  private Optional<Command> failure(LastWord.Failed failed) {
    LeaseToken lease = failed.lease();
    if (!(loans.lookUp(lease) instanceof Standing.Held held)) {
      return Optional.empty();
    }
    Ending ending =
        new Ending(
            lease,
            held.attempt(),
            held.maxAttempts(),
            terms.catalog().version(held.worker(), held.workerVersion()).retry());
    return Optional.of(ending.ofFailure(failed.failure(), machine.random()));
  }

  /** The work could not run now, and that counts as no attempt. */
  public ParkResult busy(LeaseToken lease, String reason, Duration retryAfter)
      throws InterruptedException {
    loans.close(lease);
    return (ParkResult)
        committer.commit(new Command.Park(lease, new Parking.Busy(reason, retryAfter)));
  }

  /** The runner hands the job back unworked. */
  public ParkResult release(LeaseToken lease) throws InterruptedException {
    loans.close(lease);
    return (ParkResult) committer.commit(new Command.Park(lease, new Parking.Release()));
  }

  /** The attempt waits for a callback. */
  public SuspendResult suspend(LeaseToken lease, Suspension suspension)
      throws InterruptedException {
    loans.close(lease);
    return (SuspendResult) committer.commit(new Command.Suspend(lease, suspension));
  }

  private Result told(Result result) {
    if (result instanceof Result.Settled settled) {
      terms.finish().finished(settled.job());
    }
    return result;
  }

  /** Jobs of the worker may be ready. */
  public void work(String worker) {
    waiting.wake(worker);
  }

  /** Those who wait get their answer now, and nobody gets work any more. */
  public void stop() {
    stopping = true;
    waiting.wakeAll();
  }
}
