package dev.coatcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.Note;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.ClaimPlan.Holder;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private final List<StoreBench> benches;
  private final TenantId tenant;
  private final List<String> workers;
  private final List<Watch> watches = new ArrayList<>();
  private final List<JobId> jobs = new ArrayList<>();

  /** For each bench the grants in the order of the claims, so that equal places mean equal ones. */
  private final List<List<Grant>> grants = new ArrayList<>();

  /** A walk among jobs of its own; the benches may have been walked on before. */
  public RandomWalk(long seed, List<StoreBench> benches) {
    this.seed = seed;
    this.benches = benches;
    random = new SplittableRandom(seed);
    tenant = new TenantId("walk-" + seed);
    workers = List.of("a-" + seed, "b-" + seed);
    for (StoreBench bench : benches) {
      watches.add(new Watch(bench, tenant, workers));
      grants.add(new ArrayList<>());
    }
  }

  public void run(int steps) {
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
    return switch (random.nextInt(24)) {
      case 0, 1 -> submit();
      case 2, 3, 4, 5, 6 -> claim();
      case 7 -> withGrant("settle", this::settle);
      case 8, 9, 10, 11 -> withGrant("park", this::park);
      case 12 -> withGrant("append", this::append);
      case 13 -> cancel();
      case 14 -> withGrant("stopped", n -> token -> new Command.RunnerStopped(token));
      case 15 -> renew();
      case 16 -> rarely();
      case 17, 18 -> together();
      default -> upkeep();
    };
  }

  private String submit() {
    NewJob job = job();
    boolean start = random.nextBoolean();
    Object result = same(bench -> bench.commit(new Command.Submit(job, start)), this::keepStarted);
    if (result.toString().startsWith("stored")) {
      jobs.add(job.id());
    }
    return "submit " + result;
  }

  private NewJob job() {
    Jobs job =
        Jobs.job(pick(workers))
            .tenant(tenant.value())
            .priority(random.nextInt(3))
            .maxAttempts(1 + random.nextInt(5))
            .queueLimit(6)
            .input("x".repeat(random.nextInt(4) == 0 ? 2_000 : 5));
    if (random.nextInt(5) == 0) {
      job.delay(Duration.ofMillis(random.nextInt(3_000)));
    }
    if (random.nextInt(4) == 0) {
      job.queueTimeout(Duration.ofMillis(1 + random.nextInt(3_000)));
    }
    if (random.nextInt(4) == 0) {
      job.deadline(Duration.ofMillis(1 + random.nextInt(6_000)));
    }
    if (random.nextInt(4) == 0) {
      job.uniqueKey("u" + random.nextInt(2));
    }
    if (random.nextInt(4) == 0) {
      job.idempotency(Jobs.key("k" + random.nextInt(4), "f" + random.nextInt(2)));
    }
    if (random.nextInt(4) == 0 && !jobs.isEmpty()) {
      job.retryOf(pick(jobs));
    }
    if (random.nextInt(2) == 0) {
      job.metadata("user", "u" + random.nextInt(2)).metadata("n", "" + random.nextInt(9));
    }
    return job.build(benches.getFirst().now());
  }

  private Object keepStarted(int bench, Result result) {
    if (result instanceof Result.Started started) {
      grants.get(bench).add(started.grant());
      return "stored and started " + started.job();
    }
    return result instanceof Result.Accepted accepted ? "stored " + accepted.job() : result;
  }

  private String claim() {
    Holder holder =
        random.nextBoolean()
            ? new Holder.Node()
            : new Holder.Remote(StoreBench.REMOTE, Duration.ofMillis(500));
    ClaimPlan plan =
        new ClaimPlan(
            holder,
            List.of(
                new ClaimPlan.Want(workers.get(0), random.nextInt(3)),
                new ClaimPlan.Want(workers.get(1), random.nextInt(3))));
    return "claim "
        + same(
            bench -> bench.store().claim(plan),
            (bench, claimed) -> {
              grants.get(bench).addAll(claimed);
              return claimed.stream().map(RandomWalk::withoutSecret).toList();
            });
  }

  private static Grant withoutSecret(Grant grant) {
    LeaseToken token = new LeaseToken(grant.token().job(), grant.token().fence(), 0, 0);
    return new Grant(
        token,
        grant.tenant(),
        grant.worker(),
        grant.workerVersion(),
        grant.attempt(),
        grant.maxAttempts(),
        grant.grants(),
        grant.priority(),
        grant.input(),
        grant.metadata(),
        grant.startedAt(),
        grant.runTimeout(),
        grant.deadlineAt(),
        grant.leaseUntil(),
        null,
        grant.resume());
  }

  private interface ByToken extends Function<LeaseToken, Command> {}

  private String withGrant(String verb, Function<Grant, ByToken> command) {
    List<Grant> first = grants.getFirst();
    if (first.isEmpty()) {
      return verb + " nothing";
    }
    int place = Math.max(0, first.size() - 1 - random.nextInt(4));
    ByToken made = command.apply(first.get(place));
    return verb
        + ' '
        + same(
            bench ->
                bench.commit(made.apply(grants.get(benches.indexOf(bench)).get(place).token())),
            (bench, result) -> result);
  }

  /** Several commands in one commit, some about the same job. */
  private String together() {
    List<Grant> first = grants.getFirst();
    List<Function<List<Grant>, Command>> made = new ArrayList<>();
    for (int i = 2 + random.nextInt(4); i > 0; i--) {
      int place = first.isEmpty() ? -1 : Math.max(0, first.size() - 1 - random.nextInt(4));
      made.add(place < 0 || random.nextInt(6) == 0 ? submission() : byGrant(first, place));
    }
    return "together "
        + same(
            bench -> {
              List<Grant> known = grants.get(benches.indexOf(bench));
              return bench.store().commit(made.stream().map(one -> one.apply(known)).toList());
            },
            (bench, results) -> results.stream().map(one -> keepStarted(bench, one)).toList());
  }

  private Function<List<Grant>, Command> submission() {
    NewJob job = job();
    boolean start = random.nextBoolean();
    jobs.add(job.id());
    return known -> new Command.Submit(job, start);
  }

  private Function<List<Grant>, Command> byGrant(List<Grant> first, int place) {
    Grant grant = first.get(place);
    if (random.nextInt(6) == 0) {
      return known -> new Command.Cancel(tenant, grant.token().job());
    }
    ByToken made =
        switch (random.nextInt(5)) {
          case 0, 1 -> park(grant);
          case 2 -> append(grant);
          default -> settle(grant);
        };
    return known -> made.apply(known.get(place).token());
  }

  private ByToken settle(Grant grant) {
    boolean retryable = random.nextBoolean();
    Usage usage = usage();
    Outcome outcome =
        switch (random.nextInt(4)) {
          case 0 -> new Outcome.Failed(error(grant, ErrorCode.UPSTREAM_ERROR, retryable), usage);
          case 1 -> new Outcome.TimedOut(error(grant, ErrorCode.RUN_TIMEOUT, retryable), usage);
          default ->
              new Outcome.Succeeded(Payload.utf8("y".repeat(random.nextInt(3) * 900)), usage);
        };
    return token -> new Command.Settle(token, outcome);
  }

  private ByToken park(Grant grant) {
    Duration delay = Duration.ofMillis(random.nextInt(3) * 700L);
    int kind = grant.attempt() < grant.maxAttempts() ? random.nextInt(4) : random.nextInt(2);
    Usage usage = usage();
    Parking parking =
        switch (kind) {
          case 0 -> new Parking.Busy("429", delay);
          case 1 -> new Parking.Release();
          case 2 -> new Parking.Backoff(error(grant, ErrorCode.RUN_TIMEOUT, true), usage, delay);
          default -> new Parking.Backoff(error(grant, ErrorCode.WORKER_ERROR, true), usage, delay);
        };
    return token -> new Command.Park(token, parking);
  }

  private ByToken append(Grant grant) {
    List<Note> notes = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      notes.add(
          switch (random.nextInt(3)) {
            case 0 -> new Note.Progressed(new Progress(random.nextDouble(), "s", null));
            case 1 -> new Note.Logged("info", "line " + random.nextInt(9));
            default -> new Note.Output(random.nextInt(4), List.of("p", "q"));
          });
    }
    Usage usage = random.nextBoolean() ? usage() : null;
    return token -> new Command.Append(token, List.copyOf(notes), usage);
  }

  private String cancel() {
    if (jobs.isEmpty()) {
      return "cancel nothing";
    }
    JobId job = pick(jobs);
    return "cancel "
        + same(bench -> bench.commit(new Command.Cancel(tenant, job)), (bench, result) -> result);
  }

  private String renew() {
    int from = Math.max(0, grants.getFirst().size() - 3);
    return "renew "
        + same(
            bench -> {
              List<Grant> known = grants.get(benches.indexOf(bench));
              List<LeaseToken> held =
                  known.subList(from, known.size()).stream().map(Grant::token).toList();
              return bench.store().renew(StoreBench.REMOTE, held, Duration.ofSeconds(1));
            },
            (bench, renewals) ->
                renewals.stream().map(one -> String.valueOf(one.expiresAt())).toList());
  }

  private String rarely() {
    return switch (random.nextInt(6)) {
      case 0 -> {
        benches.forEach(StoreBench::restart);
        yield "restart";
      }
      case 1 -> {
        WorkerSpec spec =
            WorkerSpec.named(pick(workers))
                .maxLost(1 + random.nextInt(3))
                .deadLetters(random.nextBoolean())
                .build();
        yield "define "
            + same(
                bench -> bench.commit(new Command.Define(spec, "api")), (bench, result) -> result);
      }
      default -> upkeep();
    };
  }

  private String upkeep() {
    Duration by =
        random.nextInt(20) == 0 ? Duration.ofDays(8) : Duration.ofMillis(random.nextInt(4) * 400L);
    int max = 1 + random.nextInt(3);
    benches.forEach(bench -> bench.advance(by));
    return switch (random.nextInt(6)) {
      case 0, 1, 2 -> "stage " + same(bench -> bench.store().stage(max), (bench, sweep) -> sweep);
      case 3, 4 -> "rescue " + same(bench -> bench.store().rescue(max), (bench, sweep) -> sweep);
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
    return java.util.Objects.requireNonNull(first);
  }

  private static JobError error(Grant grant, ErrorCode code, boolean retryable) {
    return JobError.of(code, "it broke", retryable, grant.attempt());
  }

  private Usage usage() {
    return new Usage(
        random.nextBoolean() ? random.nextLong(100) : null,
        random.nextBoolean() ? random.nextLong(100) : null,
        random.nextBoolean() ? random.nextLong(100) : null);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
