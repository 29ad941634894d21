package dev.coatcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.event.Note;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.ClaimPlan.Want;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Random changes from a seed, made to one or more stores alike. After each the stores must agree,
 * and each must keep the invariants of {@link Watch}. Stale tokens are used as readily as live
 * ones.
 */
public final class RandomWalk {

  private final long seed;
  private final RandomGenerator random;
  private final Chances chances;
  private final List<StoreBench> benches;
  private final TenantId tenant;
  private final List<String> workers;
  private final List<FileId> files;
  private final Set<FileId> added = new HashSet<>();
  private final List<Watch> watches = new ArrayList<>();
  private final List<JobId> jobs = new ArrayList<>();
  private final Map<String, Integer> versions = new HashMap<>();
  private final Tokens tokens = new Tokens();

  /** For each bench the grants in the order of the claims, so that equal places mean equal ones. */
  private final List<List<Grant>> grants = new ArrayList<>();

  /** A walk among jobs of its own; the benches may have been walked on before. */
  public RandomWalk(long seed, List<StoreBench> benches) {
    this.seed = seed;
    this.benches = benches;
    random = new SplittableRandom(seed);
    chances = new Chances(random);
    tenant = new TenantId("walk-" + seed);
    workers = List.of("a-" + seed, "b-" + seed);
    files = List.of(new FileId(seed, 1), new FileId(seed, 2), new FileId(seed, 3));
    for (StoreBench bench : benches) {
      watches.add(new Watch(bench, tenant, workers));
      grants.add(new ArrayList<>());
    }
  }

  public void run(int steps) {
    workers.forEach(this::define);
    files.subList(0, 2).forEach(this::addFile);
    for (int step = 0; step < steps; step++) {
      String told = step();
      String where = "seed " + seed + " step " + step + ": " + told;
      List<Object> states = new ArrayList<>();
      for (Watch watch : watches) {
        states.add(watch.look(where, told.startsWith("together")));
      }
      assertThat(states).as(where).allMatch(states.getFirst()::equals);
    }
  }

  private String step() {
    return switch (random.nextInt(34)) {
      case 0, 1, 2, 3 -> submit();
      case 4, 5, 6, 7, 8 -> claim();
      case 9 -> withGrant("settle", this::settle);
      case 10, 11 -> withGrant("park", this::park);
      case 12, 13, 14 -> withGrant("suspend", this::suspend);
      case 15 -> withGrant("append", this::append);
      case 16 -> withGrant("usage", this::usage);
      case 17, 18, 19, 20 -> withGrant("receive", this::receive);
      case 21 -> withGrant("progress", this::progress);
      case 22, 23 -> openCallback();
      case 24 -> random.nextBoolean() ? renew() : standing();
      case 25 -> rarely();
      case 26 -> cancelOrStop();
      case 27, 28 -> together();
      default -> upkeep();
    };
  }

  private String submit() {
    NewJob job = job();
    boolean start = chances.oneIn(4);
    Object result = same(bench -> bench.commit(new Command.Submit(job, start)), this::keepStarted);
    if (result.toString().startsWith("stored")) {
      jobs.add(job.id());
    }
    return "submit " + result;
  }

  private NewJob job() {
    String worker = chances.pick(workers);
    int newest = Objects.requireNonNull(versions.get(worker));
    Jobs job = chances.job(worker).tenant(tenant.value()).workerVersion(1 + random.nextInt(newest));
    if (chances.oneIn(4) && !jobs.isEmpty()) {
      job.retryOf(chances.pick(jobs));
    }
    return job.build(benches.getFirst().now());
  }

  private Object keepStarted(int bench, Result result) {
    if (result instanceof Result.Started started) {
      keep(bench, started.grant());
      return "stored and started " + started.job();
    }
    return result instanceof Result.Accepted accepted ? "stored " + accepted.job() : result;
  }

  private void keep(int bench, Grant grant) {
    grants.get(bench).add(grant);
    tokens.granted(grant);
  }

  private String claim() {
    List<Want> wants =
        List.of(
            new Want(workers.get(0), random.nextInt(4)),
            new Want(workers.get(1), random.nextInt(4)));
    ClaimPlan plan = new ClaimPlan(chances.holder(), wants, 1 + random.nextInt(4));
    return "claim "
        + same(
            bench -> bench.store().claim(plan),
            (bench, claimed) -> {
              claimed.forEach(grant -> keep(bench, grant));
              return claimed.stream().map(RandomWalk::withoutSecrets).toList();
            });
  }

  private static Grant withoutSecrets(Grant grant) {
    CallbackToken callback = grant.callback();
    return new Grant(
        withoutSecret(grant.token()),
        grant.tenant(),
        grant.worker(),
        grant.workerVersion(),
        grant.attempt(),
        grant.maxAttempts(),
        grant.grants(),
        grant.chunks(),
        grant.priority(),
        grant.input(),
        grant.metadata(),
        grant.startedAt(),
        grant.runTimeout(),
        grant.deadlineAt(),
        grant.leaseUntil(),
        callback == null ? null : new Tokens().of(withoutSecret(grant.token()), 0),
        grant.resume());
  }

  private static LeaseToken withoutSecret(LeaseToken token) {
    return new LeaseToken(token.job(), token.fence(), 0, 0);
  }

  private interface ByToken extends Function<LeaseToken, Command> {}

  private String withGrant(String verb, Function<Grant, ByToken> command) {
    int place = place();
    if (place < 0) {
      return verb + " nothing";
    }
    ByToken made = command.apply(grants.getFirst().get(place));
    return verb
        + ' '
        + same(bench -> bench.commit(made.apply(lease(bench, place))), (bench, result) -> result);
  }

  /** Of the newest grants one that holds its job, if there is one, or any; -1 if there is none. */
  private int place() {
    int size = grants.getFirst().size();
    if (size == 0) {
      return -1;
    }
    int place = Math.max(0, size - 1 - random.nextInt(chances.oneIn(5) ? 12 : 4));
    if (random.nextBoolean()) {
      for (int i = 0; i < 8; i++) {
        int other = Math.floorMod(place - i, size);
        if (holds(other)) {
          return other;
        }
      }
    }
    return place;
  }

  private boolean holds(int place) {
    LeaseToken lease = grants.getLast().get(place).token();
    return benches.getLast().store().reader().standing(lease) instanceof Standing.Held;
  }

  private LeaseToken lease(StoreBench bench, int place) {
    return grants.get(benches.indexOf(bench)).get(place).token();
  }

  /** Several commands in one commit, some about the same job. */
  private String together() {
    List<Function<StoreBench, Command>> made = new ArrayList<>();
    for (int i = 2 + random.nextInt(4); i > 0; i--) {
      int place = place();
      made.add(place < 0 || chances.oneIn(6) ? submission() : byGrant(place));
    }
    return "together "
        + same(
            bench -> bench.store().commit(made.stream().map(one -> one.apply(bench)).toList()),
            (bench, results) -> results.stream().map(one -> keepStarted(bench, one)).toList());
  }

  private Function<StoreBench, Command> submission() {
    NewJob job = job();
    boolean start = chances.oneIn(4);
    jobs.add(job.id());
    return bench -> new Command.Submit(job, start);
  }

  private Function<StoreBench, Command> byGrant(int place) {
    Grant grant = grants.getFirst().get(place);
    if (chances.oneIn(6)) {
      return bench -> new Command.Cancel(tenant, grant.token().job());
    }
    ByToken made =
        switch (random.nextInt(8)) {
          case 0, 1 -> park(grant);
          case 2 -> append(grant);
          case 3, 4 -> suspend(grant);
          case 5 -> receive(grant);
          case 6 -> usage(grant);
          default -> settle(grant);
        };
    return bench -> made.apply(lease(bench, place));
  }

  private ByToken settle(Grant grant) {
    Outcome outcome = chances.outcome(grant, files.subList(0, chances.oneIn(4) ? 3 : 2));
    return token -> new Command.Settle(token, outcome);
  }

  private ByToken park(Grant grant) {
    Parking parking = chances.parking(grant);
    return token -> new Command.Park(token, parking);
  }

  private ByToken suspend(Grant grant) {
    Suspension suspension = chances.suspension();
    return token -> new Command.Suspend(token, suspension);
  }

  private ByToken append(Grant grant) {
    List<Note> notes = chances.notes();
    Usage usage = random.nextBoolean() ? chances.usage() : null;
    return token -> new Command.Append(token, notes, usage);
  }

  private ByToken usage(Grant grant) {
    Usage usage = chances.usage();
    return token -> new Command.ReportUsage(token, usage);
  }

  private ByToken receive(Grant grant) {
    Notice notice = chances.notice();
    int back = chances.oneIn(4) ? 1 : 0;
    return token -> new Command.Receive(tokens.of(token, back), notice);
  }

  private ByToken progress(Grant grant) {
    Progress progress = chances.progress();
    return token -> new Command.ReceiveProgress(tokens.of(token, 0), progress);
  }

  private String openCallback() {
    int place = place();
    if (place < 0) {
      return "open nothing";
    }
    LeaseToken lease = grants.getFirst().get(place).token();
    CallbackToken token = CallbackToken.of(lease.job(), lease.fence(), random);
    return "open "
        + same(
            bench -> bench.open(grants.get(benches.indexOf(bench)).get(place), token),
            (bench, result) -> {
              tokens.add(grants.get(bench).get(place).token(), token);
              return result;
            });
  }

  private String cancelOrStop() {
    return random.nextBoolean()
        ? cancel()
        : withGrant("stopped", grant -> token -> new Command.RunnerStopped(token));
  }

  private String cancel() {
    if (jobs.isEmpty()) {
      return "cancel nothing";
    }
    JobId job = chances.pick(jobs);
    return "cancel "
        + same(bench -> bench.commit(new Command.Cancel(tenant, job)), (bench, result) -> result);
  }

  private String renew() {
    int from = Math.max(0, grants.getFirst().size() - 3);
    RunnerId runner = random.nextBoolean() ? StoreBench.REMOTE : Chances.SECOND;
    return "renew "
        + same(
            bench -> {
              List<Grant> known = grants.get(benches.indexOf(bench));
              List<LeaseToken> held =
                  known.subList(from, known.size()).stream().map(Grant::token).toList();
              return bench.store().renew(runner, held, Duration.ofSeconds(1));
            },
            (bench, renewals) ->
                renewals.stream().map(one -> String.valueOf(one.expiresAt())).toList());
  }

  private String standing() {
    int place = place();
    return place < 0
        ? "standing of nothing"
        : "standing "
            + same(
                bench -> bench.store().reader().standing(lease(bench, place)),
                (bench, standing) -> standing);
  }

  private String rarely() {
    String worker = chances.pick(workers);
    return switch (random.nextInt(8)) {
      case 0 -> {
        benches.forEach(StoreBench::restart);
        yield "restart";
      }
      case 1, 2 -> define(worker);
      case 3 -> one("remove ", new Command.Remove(worker));
      case 4, 5, 6 -> one("pause ", new Command.Pause(worker, chances.oneIn(4)));
      default -> addFile(chances.pick(files.subList(0, 2)));
    };
  }

  private String define(String worker) {
    WorkerSpec spec = chances.spec(worker);
    String source = random.nextBoolean() ? "api" : "config";
    return "define "
        + same(
            bench -> bench.commit(new Command.Define(spec, source)),
            (bench, result) -> {
              versions.put(worker, ((Result.Defined) result).version());
              return result;
            });
  }

  private String addFile(FileId id) {
    if (!added.add(id)) {
      return "file again";
    }
    Duration kept = Duration.ofHours(1 + random.nextInt(30));
    StoredFile file =
        new StoredFile(
            id,
            tenant,
            "file",
            "text/plain",
            1,
            "a".repeat(64),
            benches.getFirst().now(),
            benches.getFirst().now().plus(kept));
    return one("file ", new Command.AddFile(file));
  }

  private String one(String verb, Command command) {
    return verb + same(bench -> bench.commit(command), (bench, result) -> result);
  }

  private String upkeep() {
    Duration by = chances.pause();
    int max = 1 + random.nextInt(3);
    benches.forEach(bench -> bench.advance(by));
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> "stage " + same(bench -> bench.store().stage(max), (bench, sweep) -> sweep);
      case 3, 4, 5, 6 ->
          "rescue " + same(bench -> bench.store().rescue(max), (bench, sweep) -> sweep);
      default -> "prune " + same(bench -> bench.store().prune(max), (bench, sweep) -> sweep);
    };
  }

  private interface Told<T> {
    Object of(int bench, T result);
  }

  /** Does the same to all benches; what they answer must be equal. */
  private <T> Object same(Function<StoreBench, T> change, Told<T> told) {
    @Nullable Object first = null;
    for (int i = 0; i < benches.size(); i++) {
      Object answer = told.of(i, change.apply(benches.get(i)));
      if (first == null) {
        first = answer;
      }
      assertThat(answer).as("seed %d", seed).isEqualTo(first);
    }
    return Objects.requireNonNull(first);
  }
}
