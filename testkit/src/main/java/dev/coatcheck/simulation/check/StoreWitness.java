package dev.coatcheck.simulation.check;

import dev.coatcheck.callback.Effect;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.simulation.check.JobFile.Granted;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Result;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sees every change at the seam of the store, at the moment of its effect, and holds it against the
 * rules that one change can break. It knows jobs only by what was asked of the store, what the
 * store answered, and what a reader of its own finds afterwards.
 */
public final class StoreWitness {

  private static final Pattern FLOOR = Pattern.compile("after=(\\d+)");

  private final History history;
  private final InstantSource clock;
  private final Reader reader;
  private final List<TenantId> tenants;
  private final Map<String, WorkerSpec> workers;
  private final boolean extendsBesideOthers;
  private final Map<JobId, JobFile> files = new LinkedHashMap<>();
  private final SequencedSet<JobId> changed = new LinkedHashSet<>();
  private final Set<String> nodes = new HashSet<>();
  private final MoveRule moves;
  private final LeaseRule leases;
  private final TimeRule times;
  private final KeyRule keys;
  private final OutputRule output;
  private final UsageRule usage;
  private final TickRule ticks;
  private final RedriveRule redrives;
  private long commits;

  /**
   * Whose jobs there are, and under which contracts.
   *
   * @param extendsBesideOthers whether leases get more time when a node starts beside others
   */
  public record World(
      List<TenantId> tenants, Map<String, WorkerSpec> workers, boolean extendsBesideOthers) {}

  public StoreWitness(History history, InstantSource clock, Reader reader, World world) {
    this.history = history;
    this.clock = clock;
    this.reader = reader;
    this.tenants = world.tenants;
    this.workers = world.workers;
    this.extendsBesideOthers = world.extendsBesideOthers;
    this.moves = new MoveRule(history);
    this.leases = new LeaseRule(history, nodes::contains);
    this.times = new TimeRule(history);
    this.keys = new KeyRule(history);
    this.output = new OutputRule(history);
    this.usage = new UsageRule(history, reader);
    this.ticks = new TickRule(history);
    this.redrives = new RedriveRule(history);
  }

  /** A hint of the store: the job is looked at when the change is told. */
  public void changed(JobId job) {
    changed.add(job);
  }

  public void opened(String node) {
    nodes.add(node);
    history.tell(node, "opened");
  }

  /** The store knows that the node is gone. */
  public void closed(String node) {
    nodes.remove(node);
    history.tell(node, "closed");
    look(node, Cause.OTHER);
  }

  /** Leases of runners elsewhere live on for so long at least. */
  public void extended(String node, Duration lease) {
    extended(node, clock.instant().plus(lease));
  }

  /** A restart lets leases of runners elsewhere live on until this at least. */
  public void extended(String node, Instant least) {
    if (!extendsBesideOthers && nodes.stream().anyMatch(other -> !other.equals(node))) {
      return;
    }
    for (JobFile file : files.values()) {
      Granted holder = file.holder();
      if (holder != null && holder.leaseUntil != null && holder.leaseUntil.isBefore(least)) {
        holder.leaseUntil = least;
      }
    }
  }

  /** A command took effect, or was refused. */
  public void committed(String node, Command command, Result result) {
    commits++;
    before(command, result);
    look(node, cause(command));
    after(node, command, result);
  }

  private void before(Command command, Result result) {
    switch (command) {
      case Command.Settle(var lease, var outcome) -> {
        if (!(result instanceof Result.NoSuchFile)) {
          verb(lease, "settle", result instanceof Result.Settled);
        }
      }
      case Command.Park(var lease, var parking) ->
          verb(lease, "park", result instanceof Result.Parked);
      case Command.Suspend(var lease, var suspension) ->
          verb(lease, "suspend", !(result instanceof Result.LeaseLost));
      case Command.OpenCallback(var lease, var token) ->
          verb(lease, "open callback", !(result instanceof Result.LeaseLost));
      case Command.Append(var lease, var notes, var usage) ->
          verb(lease, "append", !(result instanceof Result.LeaseLost));
      case Command.Receive(var token, var notice) -> received(token.job(), result);
      case Command.ReportUsage(var lease, var used) -> usage.before(files.get(lease.job()));
      default -> {}
    }
  }

  private void verb(LeaseToken lease, String verb, boolean taken) {
    leases.verb(files.get(lease.job()), lease, verb, taken);
  }

  private void received(JobId job, Result result) {
    JobFile file = files.get(job);
    boolean taken =
        result instanceof Result.Received(Effect effect)
            && (effect == Effect.RESUMED || effect == Effect.STORED);
    if (file != null && taken) {
      file.callbacksTaken++;
      history.require(
          file.callbacksTaken <= file.grants.size(),
          Invariant.I15,
          () ->
              "%s took %d callbacks in %d grants"
                  .formatted(file.alias, file.callbacksTaken, file.grants.size()));
    }
  }

  private void backsOff(LeaseToken lease, Parking.Backoff backoff) {
    JobFile file = files.get(lease.job());
    Instant next = file == null ? null : file.job.times().nextAttemptAt();
    if (file != null && next != null && file.job.fence() == lease.fence() + 1) {
      Matcher floor = FLOOR.matcher(backoff.error().message());
      long least = floor.find() ? Long.parseLong(floor.group(1)) : 0;
      times.backsOff(
          file,
          file.job.attempt(),
          Duration.between(clock.instant().truncatedTo(ChronoUnit.MILLIS), next),
          worker(file.job.worker()).retry(),
          Duration.ofMillis(least));
    }
  }

  private static Cause cause(Command command) {
    return switch (command) {
      case Command.Submit submit -> Cause.SUBMIT;
      case Command.Tick tick -> Cause.SUBMIT;
      case Command.Settle settle -> Cause.SETTLE;
      case Command.Park park -> Cause.PARK;
      case Command.Suspend suspend -> Cause.SUSPEND;
      case Command.Receive receive -> Cause.RECEIVE;
      case Command.Cancel cancel -> Cause.CANCEL;
      case Command.Advance advance -> Cause.ADVANCE;
      default -> Cause.OTHER;
    };
  }

  private void after(String node, Command command, Result result) {
    switch (command) {
      case Command.Submit(var job, var start) -> {
        if (result instanceof Result.Accepted || result instanceof Result.Started) {
          JobFile file = files.get(job.id());
          history.require(
              file != null, Invariant.I1, () -> "a submission was taken and is not in the store");
          if (file != null) {
            file.uniqueKey = job.uniqueKey();
          }
        }
        keys.submitted(files, job, result);
        if (result instanceof Result.Started(var stored, var grant)) {
          granted(node, grant, null);
        }
      }
      case Command.Tick tick -> ticks.ticked(tick, result, clock.instant());
      case Command.Cancel(var tenant, var id) -> canceled(id, result);
      case Command.Park(var lease, Parking.Backoff backoff) when result instanceof Result.Parked ->
          backsOff(lease, backoff);
      case Command.Advance advance when result instanceof Result.Advanced slice ->
          redrives.advanced(files, slice);
      case Command.ReportUsage report ->
          usage.reported(files.get(report.lease().job()), report, result, clock.instant());
      default -> {}
    }
    if (!(command instanceof Command.Append)) {
      history.tell(node, shown(command) + " -> " + result.getClass().getSimpleName());
    }
  }

  private void canceled(JobId id, Result result) {
    JobFile file = files.get(id);
    if (file == null) {
      return;
    }
    switch (result) {
      case Result.NoSuchJob none when file.pruned -> {}
      case Result.Canceled canceled ->
          history.require(
              file.job.phase() == Phase.CANCELED,
              Invariant.I3,
              () -> file.alias + " was answered canceled and is " + MoveRule.shown(file.job));
      case Result.AlreadyDone done ->
          history.require(
              file.job.done(),
              Invariant.I3,
              () -> file.alias + " was answered final and is " + MoveRule.shown(file.job));
      default -> history.broken(Invariant.I3, file.alias + " was not found by its cancel");
    }
  }

  /** Jobs were granted. */
  public void claimed(String node, ClaimPlan plan, List<Grant> grants) {
    Map<JobId, Job> before = new LinkedHashMap<>();
    for (Grant grant : grants) {
      JobFile file = files.get(grant.token().job());
      if (file != null) {
        before.put(grant.token().job(), file.job);
      }
    }
    look(node, Cause.CLAIM);
    RunnerId remote = plan.holder() instanceof ClaimPlan.Holder.Remote far ? far.runner() : null;
    for (Grant grant : grants) {
      JobFile file = files.get(grant.token().job());
      Job was = before.get(grant.token().job());
      if (file != null && was != null) {
        times.started(file, was, clock.instant());
      }
      granted(node, grant, remote);
    }
    if (!grants.isEmpty()) {
      commits++;
    }
  }

  private void granted(String node, Grant grant, @Nullable RunnerId remote) {
    JobFile file = files.get(grant.token().job());
    if (file == null) {
      history.broken(Invariant.I1, "a job was granted that nobody submitted");
      return;
    }
    Granted last = file.grants.isEmpty() ? null : file.grants.getLast();
    history.require(
        last == null || last.token.fence() < grant.token().fence(),
        Invariant.I2,
        () -> file.alias + ": a grant's fence does not rise");
    Granted given = new Granted(grant.token(), grant.attempt(), node, remote, grant.leaseUntil());
    file.grants.add(given);
    history.require(
        grant.grants() == file.grants.size() && grant.attempt() == file.job.attempt(),
        Invariant.I9,
        () -> file.alias + ": a grant is numbered otherwise than the job");
    leases.counted(files, file, worker(file.job.worker()).concurrency());
    history.tell(
        node,
        "grant %s fence %d attempt %d to %s"
            .formatted(
                file.alias,
                grant.token().fence(),
                grant.attempt(),
                remote == null ? "itself" : "a runner"));
  }

  /** Leases were renewed, or not. */
  public void renewed(String node, RunnerId runner, List<Renewal> renewals) {
    commits++;
    for (Renewal renewal : renewals) {
      JobFile file = files.get(renewal.lease().job());
      Granted grant = file == null ? null : file.grant(renewal.lease());
      boolean own = grant != null && runner.equals(grant.remote);
      if (own || renewal.held()) {
        leases.verb(file, renewal.lease(), "renew", renewal.held());
      }
      if (grant != null && renewal.held()) {
        grant.leaseUntil = renewal.expiresAt();
      }
    }
  }

  /** Upkeep did something. */
  public void swept(String node, boolean rescue) {
    if (!changed.isEmpty()) {
      commits++;
      look(node, rescue ? Cause.RESCUE : Cause.STAGE);
    }
  }

  /** Jobs may have been deleted: only final ones whose time is over, and they leave a trace. */
  public void pruned(String node) {
    for (JobFile file : files.values()) {
      if (file.pruned || reader.job(file.job.tenant(), file.job.id()) instanceof Lookup.Found) {
        continue;
      }
      file.pruned = true;
      commits++;
      history.tell(node, file.alias + " pruned");
      Instant expires = file.job.times().expiresAt();
      history.require(
          file.job.done() && expires != null && !clock.instant().isBefore(expires),
          Invariant.I1,
          () ->
              "%s was deleted as %s, to be kept until %s"
                  .formatted(file.alias, MoveRule.shown(file.job), expires));
      history.require(
          reader.job(file.job.tenant(), file.job.id()) instanceof Lookup.Gone,
          Invariant.I1,
          () -> file.alias + " was deleted and is forgotten");
    }
  }

  private void look(String node, Cause cause) {
    while (!changed.isEmpty()) {
      JobId id = changed.removeFirst();
      JobFile file = files.get(id);
      Optional<Job> found = find(id, file);
      if (found.isPresent() && file == null) {
        born(node, id, found.get());
      } else if (found.isPresent() && file != null) {
        moved(node, file, cause, found.get());
      }
    }
  }

  private Optional<Job> find(JobId id, @Nullable JobFile file) {
    Collection<TenantId> where = file == null ? tenants : List.of(file.job.tenant());
    for (TenantId tenant : where) {
      if (reader.job(tenant, id) instanceof Lookup.Found(Job job)) {
        return Optional.of(job);
      }
    }
    return Optional.empty();
  }

  private void born(String node, JobId id, Job job) {
    JobFile file = new JobFile("j" + (files.size() + 1), job.input().text(), job);
    files.put(id, file);
    file.attempts = reader.attempts(job.tenant(), id);
    history.tell(
        node,
        "%s born %s: %s of %s".formatted(file.alias, job.phase(), file.submission, job.worker()));
    moves.born(file);
  }

  private void moved(String node, JobFile file, Cause cause, Job after) {
    Job before = file.job;
    List<Attempt> attempts = reader.attempts(after.tenant(), after.id());
    Granted holder = file.holder();
    List<Attempt> attemptsBefore = file.attempts;
    file.job = after;
    file.attempts = attempts;
    moves.moved(file, cause, before, after);
    moves.grants(file, attemptsBefore, attempts, worker(after.worker()).maxLost());
    if (before.fence() == after.fence() && before.phase() == after.phase()) {
      return;
    }
    history.tell(
        node,
        "%s %s -> %s %s"
            .formatted(file.alias, MoveRule.shown(before), MoveRule.shown(after), cause));
    if (cause == Cause.RESCUE && holder != null) {
      leases.takenBack(file, holder, clock.instant());
    }
    Instant next = after.times().nextAttemptAt();
    if (cause == Cause.RESCUE && after.phase() == Phase.WAITING && next != null) {
      Duration wait = Duration.between(clock.instant().truncatedTo(ChronoUnit.MILLIS), next);
      times.waits(file, before.attempt(), wait, worker(after.worker()).retry(), Duration.ZERO);
    }
    if (cause == Cause.STAGE && after.phase() == Phase.READY) {
      times.started(file, before, clock.instant());
    }
    if (after.done()) {
      file.finalEvents = reader.events(after.tenant(), after.id(), 0, 10_000).events();
      moves.events(file, file.finalEvents);
      output.ended(file, file.finalEvents);
    }
  }

  private WorkerSpec worker(String name) {
    WorkerSpec spec = workers.get(name);
    return spec == null ? WorkerSpec.of(name) : spec;
  }

  private String shown(Command command) {
    return switch (command) {
      case Command.Submit(var job, var start) -> "submit " + job.input().text();
      case Command.Settle(var lease, var outcome) ->
          "settle " + alias(lease) + " " + outcome.getClass().getSimpleName();
      case Command.Park(var lease, var parking) ->
          "park " + alias(lease) + " " + parking.getClass().getSimpleName();
      case Command.Suspend(var lease, var suspension) -> "suspend " + alias(lease);
      case Command.Cancel(var tenant, var id) -> "cancel " + alias(id);
      case Command.Receive(var token, var notice) -> "callback " + alias(token.job());
      case Command.Pause(var worker, var paused) -> (paused ? "pause " : "go on ") + worker;
      default -> command.getClass().getSimpleName();
    };
  }

  private String alias(LeaseToken lease) {
    return alias(lease.job()) + "@" + lease.fence();
  }

  /** A short name of a job, the same in every run of a seed. */
  public String alias(JobId id) {
    JobFile file = files.get(id);
    return file == null ? "j?" : file.alias;
  }

  Map<JobId, JobFile> files() {
    return files;
  }

  TimeRule times() {
    return times;
  }

  Reader reader() {
    return reader;
  }

  /** The contract of a worker; the defaults for one that is not known. */
  public WorkerSpec contract(String worker) {
    return worker(worker);
  }

  /** How many attempts of a worker hold a lease. */
  public long running(String worker) {
    return files.values().stream()
        .filter(file -> file.job.phase() == Phase.RUNNING && file.job.worker().equals(worker))
        .count();
  }

  /** How many attempts of a worker were ever granted. */
  long grants(String worker) {
    return files.values().stream()
        .filter(file -> file.job.worker().equals(worker))
        .mapToLong(file -> file.grants.size())
        .sum();
  }

  /** Changes that were seen. */
  public long commits() {
    return commits;
  }

  /** The store's time. */
  Instant now() {
    return clock.instant();
  }
}
