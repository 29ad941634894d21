package dev.coatcheck.testkit;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Store;
import dev.coatcheck.worker.WorkerSpec;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/** Measures what lanes and limits cost a store, and what they give to a small tenant. */
public final class LaneProbe {

  private static final int JOBS = 20_000;
  private static final int BATCH = 200;
  private static final int FLOOD = 100_000;
  private static final int SLOTS = 20;

  private final Store store;
  private final PrintStream out;

  /**
   * Measures a store.
   *
   * @param out where the figures are told
   */
  public LaneProbe(Store store, PrintStream out) {
    this.out = out;
    this.store = store;
  }

  /** Prints a line for each figure. */
  public void run() throws InterruptedException {
    for (int round = 1; round <= 3; round++) {
      drain("one lane", WorkerSpec.UNLIMITED, WorkerSpec.UNLIMITED, 1);
      drain("one lane, concurrency", 100_000, WorkerSpec.UNLIMITED, 1);
      drain("one lane, concurrency_per_key", WorkerSpec.UNLIMITED, 100_000, 1);
      drain("1,000 lanes", WorkerSpec.UNLIMITED, WorkerSpec.UNLIMITED, 1_000);
    }
    promise();
  }

  private void drain(String what, int concurrency, int perKey, int lanes) {
    define("drain", concurrency, perKey);
    fill("drain", JOBS, i -> "lane-" + i % lanes);
    ClaimPlan plan =
        new ClaimPlan(new ClaimPlan.Holder.Node(), List.of(new ClaimPlan.Want("drain", BATCH)));
    long start = System.nanoTime();
    long claiming = 0;
    int drained = 0;
    while (drained < JOBS) {
      long before = System.nanoTime();
      List<Grant> grants = store.claim(plan);
      claiming += System.nanoTime() - before;
      store.commit(grants.stream().map(LaneProbe::settle).toList());
      drained += grants.size();
    }
    double took = (System.nanoTime() - start) / 1e9;
    out.printf(
        "%s: drain of %,d: %,.0f jobs/s, claim %.1f µs a job%n",
        what, JOBS, JOBS / took, claiming / 1e3 / JOBS);
  }

  private static Command settle(Grant grant) {
    return new Command.Settle(
        grant.token(), new Outcome.Succeeded(Payload.utf8("{\"ok\":true}"), Usage.NONE));
  }

  private void define(String worker, int concurrency, int perKey) {
    WorkerSpec spec =
        WorkerSpec.named(worker)
            .concurrency(concurrency)
            .concurrencyPerKey(perKey)
            .queueLimit(Integer.MAX_VALUE)
            .build();
    store.commit(List.of(new Command.Define(spec, "config")));
  }

  private void fill(String worker, int jobs, IntFunction<String> lane) {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      Jobs job = Jobs.job(worker).lane(lane.apply(i)).queueLimit(Integer.MAX_VALUE);
      commands.add(new Command.Submit(job.build(Instant.now()), false));
      if (commands.size() == 2_000 || i == jobs - 1) {
        store.commit(commands);
        commands.clear();
      }
    }
  }

  /** One tenant hands in many jobs, another ten: when do the ten start, with and without them? */
  private void promise() throws InterruptedException {
    Map<String, Long> started = new ConcurrentHashMap<>();
    AtomicLong ended = new AtomicLong();
    Handler handler =
        (context, input) -> {
          started.put(input.text(), System.nanoTime());
          Thread.sleep(10);
          ended.incrementAndGet();
          return Reply.completed(Payload.EMPTY);
        };
    Engine engine = Engine.start(store, EngineConfig.on(new JvmMachine()));
    WorkerSpec spec =
        WorkerSpec.named("flooded").concurrency(SLOTS).queueLimit(Integer.MAX_VALUE).build();
    engine.serve(spec, handler);
    small(engine, started);
    print("idle", small(engine, started));
    fill("flooded", FLOOD, i -> "flood");
    print("beside 100,000", small(engine, started));
    out.printf("%,d jobs of the flood ended meanwhile%n", ended.get());
    engine.stop(Duration.ofSeconds(1));
  }

  private static long[] small(Engine engine, Map<String, Long> started)
      throws InterruptedException {
    long[] waits = new long[100];
    for (int i = 0; i < waits.length; i++) {
      long at = System.nanoTime();
      String input = "\"small " + at + '"';
      engine.submit(Submission.of(new TenantId("small"), "flooded", Payload.utf8(input)));
      Long start = started.get(input);
      while (start == null) {
        Thread.sleep(0, 100_000);
        start = started.get(input);
      }
      waits[i] = start - at;
      Thread.sleep(20);
    }
    Arrays.sort(waits);
    return waits;
  }

  private void print(String what, long[] waits) {
    out.printf(
        "%s: a small tenant's job starts after p50 %.1f, p99 %.1f ms%n",
        what, waits[waits.length / 2] / 1e6, waits[waits.length - 2] / 1e6);
  }
}
