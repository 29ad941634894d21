package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.testkit.Jobs;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures a store in a file: many callers that submit one job a call, then a drain by claims and
 * batches of outcomes. Durable throughout.
 *
 * <p>Arguments: directory, callers (16), seconds (5), rounds (3).
 */
final class StoreProbe {

  private static final InstantSource CLOCK = InstantSource.system();
  private static final String INPUT = "{\"text\":\"" + "x".repeat(219) + "\"}";
  private static final int DRAIN = 20_000;
  private static final int BATCH = 500;

  /** As many as a runner elsewhere can ask for in one call. */
  private static final int LEASES = 100;

  private static final ClaimPlan.Holder HERE = new ClaimPlan.Holder.Node();
  private static final ClaimPlan.Holder ELSEWHERE =
      new ClaimPlan.Holder.Remote(new RunnerId(1, 1), Duration.ofMinutes(1));

  private StoreProbe() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(args[0]), "probe");
    int callers = args.length > 1 ? Integer.parseInt(args[1]) : 16;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 3;
    SqliteOptions options =
        SqliteOptions.of(directory.resolve("probe.db"), CLOCK, new SplittableRandom());
    try (SqliteStore store = SqliteStore.open(options)) {
      for (int round = 1; round <= rounds; round++) {
        submit(store, callers, seconds, round);
        drain(store, "submitted", HERE, BATCH);
        bulk(store, round);
        drain(store, "bulk", HERE, BATCH);
        bulk(store, round);
        drain(store, "bulk", ELSEWHERE, LEASES);
      }
    }
  }

  private static void submit(SqliteStore store, int callers, int seconds, int round)
      throws InterruptedException {
    LongAdder jobs = new LongAdder();
    long before = store.transactions();
    long cpu = writerCpu();
    long start = System.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        threads.execute(() -> {
          while (System.nanoTime() < end) {
            store.commit(List.of(submission("submitted")));
            jobs.increment();
          }
        });
      }
    }
    double took = (System.nanoTime() - start) / 1e9;
    long commits = store.transactions() - before;
    System.out.printf(
        "round %d: submit, %d callers: %,.0f jobs/s, %.1f rows a commit, %,.0f commits/s,"
            + " writer %.1f µs CPU a job%n",
        round,
        callers,
        jobs.sum() / took,
        (double) jobs.sum() / commits,
        commits / took,
        (writerCpu() - cpu) / 1e3 / jobs.sum());
  }

  private static void bulk(SqliteStore store, int round) {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < DRAIN; i++) {
      commands.add(submission("bulk"));
    }
    long cpu = writerCpu();
    long start = System.nanoTime();
    store.commit(commands);
    double took = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "round %d: bulk of %,d in one commit: %,.0f jobs/s, writer %.1f µs CPU a job%n",
        round, DRAIN, DRAIN / took, (writerCpu() - cpu) / 1e3 / DRAIN);
  }

  private static Command submission(String worker) {
    return new Command.Submit(
        Jobs.job(worker).input(INPUT).queueLimit(100_000_000).build(CLOCK.instant()), false);
  }

  private static void drain(SqliteStore store, String worker, ClaimPlan.Holder holder, int batch) {
    ClaimPlan plan = new ClaimPlan(holder, List.of(new ClaimPlan.Want(worker, batch)), batch);
    long cpu = writerCpu();
    long start = System.nanoTime();
    long claiming = 0;
    int drained = 0;
    while (true) {
      long before = System.nanoTime();
      List<Grant> grants = store.claim(plan);
      claiming += System.nanoTime() - before;
      if (grants.isEmpty()) {
        break;
      }
      List<Command> outcomes = new ArrayList<>(grants.size());
      for (Grant grant : grants) {
        Outcome outcome = new Outcome.Succeeded(Payload.utf8("{\"ok\":true}"), Usage.NONE);
        outcomes.add(new Command.Settle(grant.token(), outcome));
      }
      store.commit(outcomes);
      drained += grants.size();
    }
    double took = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "  drain of %,d %s by %s: %,.0f jobs/s (claim %.1f, settle %.1f µs a job), %d a commit,"
            + " writer %.1f µs CPU a job%n",
        drained,
        worker,
        holder.equals(HERE) ? "this process" : "a runner elsewhere",
        drained / took,
        claiming / 1e3 / drained,
        (took * 1e9 - claiming) / 1e3 / drained,
        batch,
        (writerCpu() - cpu) / 1e3 / drained);
  }

  /** Processor time of the writer thread so far: tells the store's work from a busy machine's. */
  private static long writerCpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("coatcheck-sqlite-writer")) {
        return threads.getThreadCpuTime(thread.threadId());
      }
    }
    return 0;
  }
}
