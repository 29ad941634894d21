package dev.coatcheck.store.postgres;

import static dev.coatcheck.testkit.Jobs.job;
import static dev.coatcheck.testkit.StoreBench.TENANT;
import static dev.coatcheck.testkit.StoreBench.notice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.lease.Suspension.OnTimeout;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.testkit.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Two nodes on one database, and many at work on the same jobs at once: submitters with keys that
 * collide, runners here and elsewhere that do all a runner can do or fall silent, cancels,
 * callbacks, sweeps. Afterwards no job has two ends, none is lost, and the tables agree.
 */
final class HammerTest {

  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("hammer.seconds", 6));
  private static final Duration LEASE = Duration.ofMillis(300);
  private static final String[] WORKERS = {"a", "b"};

  private final Map<JobId, String> ends = new ConcurrentHashMap<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final List<JobId> accepted = new ArrayList<>();
  private final Queue<CallbackToken> tokens = new ConcurrentLinkedQueue<>();
  private volatile Instant until = Instant.MIN;

  @Test
  void two_nodes_with_everything_at_once() throws Exception {
    TestDatabase.clear();
    try (Store first = open();
        Store second = open();
        ExecutorService actors = Executors.newCachedThreadPool()) {
      until = Instant.now().plus(TIME);
      List<Future<?>> running = new ArrayList<>();
      long seed = 0;
      for (Store store : List.of(first, second)) {
        for (Actor actor :
            List.<Actor>of(
                this::submit, this::runHere, this::runElsewhere, this::disturb, this::sweep)) {
          Random random = new Random(++seed);
          running.add(
              actors.submit(() -> {
                while (Instant.now().isBefore(until)) {
                  actor.act(store, random);
                }
                return null;
              }));
        }
      }
      for (Future<?> actor : running) {
        actor.get();
      }
      assertThat(Census.faults()).isEmpty();
      finish(first);
      assertThat(Census.faults()).isEmpty();
      assertThat(faults).isEmpty();
      assertThat(accepted).hasSizeGreaterThan(50);
      for (JobId id : accepted) {
        Lookup found = second.reader().job(TENANT, id);
        assertThat(found).isInstanceOf(Lookup.Found.class);
        assertThat(((Lookup.Found) found).job().done()).as("%s", id).isTrue();
      }
    }
  }

  private interface Actor {
    void act(Store store, Random random) throws Exception;
  }

  private static Store open() {
    return PostgresStore.open(
        PostgresOptions.of(TestDatabase.url(), RandomGenerator.of("L64X128MixRandom"))
            .withLease(LEASE));
  }

  /** Ends what is left, so that every job has an end. */
  private void finish(Store store) {
    for (JobId id : accepted) {
      ended(id, store.commit(List.of(new Command.Cancel(TENANT, id))).getFirst());
    }
  }

  private void submit(Store store, Random random) {
    List<Command> commands = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      commands.add(new Command.Submit(job(random).build(Instant.now()), random.nextBoolean()));
    }
    List<Result> results = store.commit(commands);
    for (int i = 0; i < results.size(); i++) {
      JobId id = ((Command.Submit) commands.get(i)).job().id();
      switch (results.get(i)) {
        case Result.Accepted stored -> keep(id);
        case Result.Started started -> {
          keep(id);
          work(store, started.grant(), random);
        }
        default -> {}
      }
    }
  }

  private static Jobs job(Random random) {
    Jobs job = Jobs.job(WORKERS[random.nextInt(2)]).id(id(random)).priority(random.nextInt(3));
    switch (random.nextInt(5)) {
      case 0 -> job.uniqueKey("unique-" + random.nextInt(5));
      case 1 -> job.idempotency(Jobs.key("key-" + random.nextInt(200), "same"));
      case 2 -> job.delay(Duration.ofMillis(random.nextInt(50)));
      default -> {}
    }
    return job;
  }

  private static JobId id(Random random) {
    return JobId.of(Instant.now(), random.nextInt(), random.nextLong());
  }

  private void keep(JobId id) {
    synchronized (accepted) {
      accepted.add(id);
    }
  }

  private void runHere(Store store, Random random) {
    claim(store, new ClaimPlan.Holder.Node(), random);
  }

  private void runElsewhere(Store store, Random random) {
    RunnerId runner = new RunnerId(9, random.nextInt(3));
    claim(store, new ClaimPlan.Holder.Remote(runner, LEASE), random);
  }

  private void claim(Store store, ClaimPlan.Holder holder, Random random) {
    String worker = WORKERS[random.nextInt(2)];
    List<ClaimPlan.Want> wants = List.of(new ClaimPlan.Want(worker, 1 + random.nextInt(9)));
    for (Grant grant : store.claim(new ClaimPlan(holder, wants))) {
      work(store, grant, random);
    }
  }

  private void work(Store store, Grant grant, Random random) {
    if (random.nextInt(3) == 0) {
      Note note = new Note.Output(grant.chunks(), List.of("piece"));
      store.commit(List.of(new Command.Append(grant.token(), List.of(note), null)));
    }
    JobError error = JobError.of(ErrorCode.WORKER_ERROR, "broke", true, grant.attempt());
    Command end =
        switch (random.nextInt(12)) {
          case 0 -> new Command.Settle(grant.token(), Outcome.unsuccessful(error, Usage.NONE));
          case 1 ->
              new Command.Park(
                  grant.token(), new Parking.Backoff(error, Usage.NONE, Duration.ofMillis(20)));
          case 2 -> new Command.Park(grant.token(), new Parking.Release());
          case 3 -> new Command.Park(grant.token(), new Parking.Busy("429", Duration.ofMillis(20)));
          case 4, 5 -> suspend(store, grant);
          case 6 -> null;
          default ->
              new Command.Settle(
                  grant.token(), new Outcome.Succeeded(Payload.utf8("done"), Usage.NONE));
        };
    if (end != null) {
      // Said twice, as by a runner that did not hear the answer.
      List<Result> results =
          store.commit(random.nextInt(9) == 0 ? List.of(end, end) : List.of(end));
      results.forEach(result -> ended(grant.token().job(), result));
    }
  }

  private Command suspend(Store store, Grant grant) {
    CallbackToken token =
        CallbackToken.of(
            grant.token().job(), grant.token().fence(), new java.security.SecureRandom());
    store.commit(List.of(new Command.OpenCallback(grant.token(), token)));
    tokens.add(token);
    return new Command.Suspend(
        grant.token(), new Suspension(Duration.ofMillis(200), null, OnTimeout.FAIL, Usage.NONE));
  }

  private void ended(JobId id, Result result) {
    if (result instanceof Result.Settled || result instanceof Result.Canceled) {
      String before = ends.putIfAbsent(id, result.getClass().getSimpleName());
      if (before != null) {
        faults.add(id + " ended twice: " + before + ", " + result);
      }
    }
  }

  private void disturb(Store store, Random random) throws InterruptedException {
    Thread.sleep(2);
    CallbackToken token = tokens.poll();
    if (token != null) {
      store.commit(List.of(new Command.Receive(token, notice(null, "news"))));
    }
    JobId id;
    synchronized (accepted) {
      id = accepted.isEmpty() ? null : accepted.get(random.nextInt(accepted.size()));
    }
    if (id != null && random.nextInt(4) == 0) {
      ended(id, store.commit(List.of(new Command.Cancel(TENANT, id))).getFirst());
    }
  }

  private void sweep(Store store, Random random) throws InterruptedException {
    store.stage(1 + random.nextInt(50));
    store.rescue(1 + random.nextInt(50));
    Thread.sleep(5);
  }
}
