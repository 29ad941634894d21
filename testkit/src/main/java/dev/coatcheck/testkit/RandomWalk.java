package dev.coatcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.ClaimPlan.Want;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.testkit.GrantChances.ByLease;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
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

/**
 * Random changes from a seed, made to one or more stores alike. After each the stores must agree,
 * and each must keep the invariants of {@link Watch}. Stale tokens are used as readily as live
 * ones.
 */
public final class RandomWalk {

  private final long seed;
  private final RandomGenerator random;
  private final Chances chances;
  private final GrantChances verbs;
  private final TenantId tenant;
  private final List<String> workers;
  private final List<FileId> files;
  private final List<Side> sides = new ArrayList<>();
  private final List<JobId> jobs = new ArrayList<>();
  private final Set<FileId> added = new HashSet<>();
  private final Map<String, Integer> versions = new HashMap<>();

  /** A walk among jobs of its own; the benches may have been walked on before. */
  public RandomWalk(long seed, List<StoreBench> benches) {
    this.seed = seed;
    random = new SplittableRandom(seed);
    chances = new Chances(random);
    tenant = new TenantId("walk-" + seed);
    workers = List.of("a-" + seed, "b-" + seed);
    files = List.of(new FileId(seed, 1), new FileId(seed, 2), new FileId(seed, 3));
    verbs = new GrantChances(chances, files);
    for (StoreBench bench : benches) {
      sides.add(new Side(bench, tenant, workers));
    }
  }

  public void run(int steps) {
    workers.forEach(this::define);
    files.subList(0, 2).forEach(this::addFile);
    for (int step = 0; step < steps; step++) {
      String told = step();
      String where = "seed " + seed + " step " + step + ": " + told;
      List<Object> states = new ArrayList<>();
      for (Side side : sides) {
        states.add(side.watch.look(where, told.startsWith("together")));
      }
      assertThat(states).as(where).allMatch(states.getFirst()::equals);
    }
  }

  private String step() {
    return switch (random.nextInt(34)) {
      case 0, 1, 2, 3 -> submit();
      case 4, 5, 6, 7, 8 -> claim();
      case 9 -> withGrant("settle", verbs::settle);
      case 10, 11 -> withGrant("park", verbs::park);
      case 12, 13, 14 -> withGrant("suspend", verbs::suspend);
      case 15 -> withGrant("append", verbs::append);
      case 16 -> withGrant("usage", verbs::usage);
      case 17, 18, 19, 20 -> withGrant("receive", verbs::receive);
      case 21 -> withGrant("progress", verbs::progress);
      case 22, 23 -> openCallback();
      case 24 -> random.nextBoolean() ? renew() : standing();
      case 25 -> rarely();
      case 26 -> random.nextBoolean() ? cancel() : withGrant("stopped", verbs::stopped);
      case 27, 28 -> together();
      default -> upkeep();
    };
  }

  private String submit() {
    NewJob job = job();
    boolean start = chances.oneIn(4);
    Object told = same(side -> side.submitted(side.commit(new Command.Submit(job, start))));
    if (told.toString().startsWith("stored")) {
      jobs.add(job.id());
    }
    return "submit " + told;
  }

  private NewJob job() {
    String worker = chances.pick(workers);
    int newest = Objects.requireNonNull(versions.get(worker));
    Jobs job = chances.job(worker).tenant(tenant.value()).workerVersion(1 + random.nextInt(newest));
    if (chances.oneIn(4) && !jobs.isEmpty()) {
      job.retryOf(chances.pick(jobs));
    }
    return job.build(now());
  }

  private String claim() {
    List<Want> wants =
        List.of(
            new Want(workers.get(0), random.nextInt(4)),
            new Want(workers.get(1), random.nextInt(4)));
    ClaimPlan plan = new ClaimPlan(chances.holder(), wants, 1 + random.nextInt(4));
    return "claim " + same(side -> side.claimed(side.bench.store().claim(plan)));
  }

  private String withGrant(String verb, Function<Grant, ByLease> chance) {
    int place = place();
    if (place < 0) {
      return verb + " nothing";
    }
    ByLease command = chance.apply(sides.getFirst().grant(place));
    return verb + ' ' + same(side -> side.commit(command.of(side, side.lease(place))));
  }

  /** Of the newest grants one that holds its job, if there is one, or any; -1 if there is none. */
  private int place() {
    int size = sides.getFirst().grants();
    if (size == 0) {
      return -1;
    }
    int place = Math.max(0, size - 1 - random.nextInt(chances.oneIn(5) ? 12 : 4));
    if (random.nextBoolean()) {
      for (int i = 0; i < 8; i++) {
        int other = Math.floorMod(place - i, size);
        if (sides.getLast().holds(other)) {
          return other;
        }
      }
    }
    return place;
  }

  /** Several commands in one commit, some about the same job. */
  private String together() {
    List<Function<Side, Command>> made = new ArrayList<>();
    for (int i = 2 + random.nextInt(4); i > 0; i--) {
      int place = place();
      made.add(place < 0 || chances.oneIn(6) ? submission() : byGrant(place));
    }
    return "together "
        + same(side ->
            side.bench.store().commit(made.stream().map(one -> one.apply(side)).toList()).stream()
                .map(side::submitted)
                .toList());
  }

  private Function<Side, Command> submission() {
    NewJob job = job();
    boolean start = chances.oneIn(4);
    jobs.add(job.id());
    return side -> new Command.Submit(job, start);
  }

  private Function<Side, Command> byGrant(int place) {
    Grant grant = sides.getFirst().grant(place);
    if (chances.oneIn(6)) {
      return side -> new Command.Cancel(tenant, grant.token().job());
    }
    ByLease command = verbs.any(grant);
    return side -> command.of(side, side.lease(place));
  }

  private String openCallback() {
    int place = place();
    if (place < 0) {
      return "open nothing";
    }
    LeaseToken lease = sides.getFirst().lease(place);
    CallbackToken token = CallbackToken.of(lease.job(), lease.fence(), random);
    return "open " + same(side -> side.open(place, token));
  }

  private String cancel() {
    return jobs.isEmpty()
        ? "cancel nothing"
        : one("cancel ", new Command.Cancel(tenant, chances.pick(jobs)));
  }

  private String renew() {
    int from = Math.max(0, sides.getFirst().grants() - 3);
    RunnerId runner = random.nextBoolean() ? StoreBench.REMOTE : Chances.SECOND;
    return "renew "
        + same(side ->
            side.bench.store().renew(runner, side.leasesFrom(from), Duration.ofSeconds(1)).stream()
                .map(one -> String.valueOf(one.expiresAt()))
                .toList());
  }

  private String standing() {
    int place = place();
    return place < 0 ? "standing of nothing" : "standing " + same(side -> side.standing(place));
  }

  private String rarely() {
    String worker = chances.pick(workers);
    return switch (random.nextInt(9)) {
      case 0 -> {
        sides.forEach(side -> side.bench.restart());
        yield "restart";
      }
      case 8 -> "fence " + same(side -> side.bench.store().fence(now()));
      case 1, 2 -> define(worker);
      case 3 -> one("remove ", new Command.Remove(worker));
      case 4, 5, 6 -> one("pause ", new Command.Pause(worker, chances.oneIn(4)));
      default -> addFile(files.getLast());
    };
  }

  private String define(String worker) {
    WorkerSpec spec = chances.spec(worker);
    String source = random.nextBoolean() ? "api" : "config";
    Object told = same(side -> side.commit(new Command.Define(spec, source)));
    versions.put(worker, ((Result.Defined) told).version());
    return "define " + told;
  }

  private String addFile(FileId id) {
    if (!added.add(id)) {
      return "file again";
    }
    Duration kept = Duration.ofHours(1 + random.nextInt(30));
    StoredFile file =
        new StoredFile(
            id, tenant, "file", "text/plain", 1, "a".repeat(64), now(), now().plus(kept));
    return one("file ", new Command.AddFile(file));
  }

  private String one(String verb, Command command) {
    return verb + same(side -> side.commit(command));
  }

  private String upkeep() {
    Duration by = chances.pause();
    int max = 1 + random.nextInt(3);
    sides.forEach(side -> side.bench.advance(by));
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> "stage " + swept(side -> side.bench.store().stage(max));
      case 3, 4, 5, 6 -> "rescue " + swept(side -> side.bench.store().rescue(max));
      default -> "prune " + swept(side -> side.bench.store().prune(max));
    };
  }

  /** The last side is the model, and exact. */
  private Object swept(Function<Side, Sweep> sweep) {
    List<Sweep> told = sides.stream().map(sweep).toList();
    Sweep exact = told.getLast();
    for (int i = 0; i < told.size(); i++) {
      sides.get(i).bench.check(told.get(i), exact.moved(), exact.next());
    }
    return exact;
  }

  private Instant now() {
    return sides.getFirst().bench.now();
  }

  /** Does the same on all sides; what they tell must be equal. */
  private Object same(Function<Side, Object> change) {
    Object first = change.apply(sides.getFirst());
    for (Side side : sides.subList(1, sides.size())) {
      assertThat(change.apply(side)).as("seed %d", seed).isEqualTo(first);
    }
    return first;
  }
}
