package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.testkit.Jobs;
import dev.coatcheck.testkit.StoreBench;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures a store in a PostgreSQL of its own, with {@code fsync} and {@code synchronous_commit}
 * on: submissions, then two threads that drain a backlog, once as it is and once while an older
 * snapshot is held open from beginning to end. Afterwards each job must have ended once.
 *
 * <p>Arguments: jobs (600000), jobs of a claim (100). Or {@code backlog} and how many jobs: claims
 * of 100 and of 1 and first pages of lists, while so many are ready.
 */
final class PostgresProbe {

  private static final InstantSource CLOCK = InstantSource.system();
  private static final String INPUT = "{\"text\":\"" + "x".repeat(219) + "\"}";
  private static final int BULK = 5_000;
  private static final int THREADS = 2;

  private final PostgresStore store;
  private final Url url;

  private PostgresProbe(PostgresStore store, Url url) {
    this.store = store;
    this.url = url;
  }

  public static void main(String[] args) throws Exception {
    boolean backlog = args.length > 1 && args[0].equals("backlog");
    if (backlog) {
      args[0] = args[1];
    }
    int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 600_000;
    int batch = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("max_wal_size", "4GB")
            .start()) {
      String address = "postgresql://postgres@localhost:" + postgres.getPort() + "/postgres";
      PostgresOptions options = PostgresOptions.of(address, new SplittableRandom());
      try (PostgresStore store = PostgresStore.open(options)) {
        PostgresProbe probe = new PostgresProbe(store, Url.parse(address));
        if (backlog) {
          probe.backlog(jobs);
          return;
        }
        probe.submit(16, 5);
        probe.drain("submitted", batch);
        for (int round = 1; round <= 2; round++) {
          probe.fill("free" + round, jobs);
          double free = probe.drain("free" + round, batch);
          probe.fill("pinned" + round, jobs);
          double pinned = probe.drainPinned("pinned" + round, batch);
          System.out.printf("pinned to free: %.2f%n", pinned / free);
        }
        probe.check();
      }
    }
  }

  private void submit(int callers, int seconds) throws InterruptedException {
    LongAdder jobs = new LongAdder();
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
    System.out.printf(
        "submit, %d callers, each in a transaction: %,.0f jobs/s%n", callers, jobs.sum() / took);
  }

  private static Command submission(String worker) {
    return new Command.Submit(
        Jobs.job(worker).input(INPUT).queueLimit(100_000_000).build(CLOCK.instant()), false);
  }

  private void fill(String worker, int jobs) {
    long start = System.nanoTime();
    for (int done = 0; done < jobs; done += BULK) {
      List<Command> commands = new ArrayList<>();
      for (int i = 0; i < Math.min(BULK, jobs - done); i++) {
        commands.add(submission(worker));
      }
      store.commit(commands);
    }
    double took = (System.nanoTime() - start) / 1e9;
    System.out.printf("%,d jobs in commits of %,d: %,.0f jobs/s%n", jobs, BULK, jobs / took);
    long page = System.nanoTime();
    JobQuery first = JobQuery.of(StoreBench.TENANT, 50);
    int listed = store.reader().jobs(first).size();
    System.out.printf(
        "  first page of %d of all jobs: %.1f ms%n", listed, (System.nanoTime() - page) / 1e6);
  }

  private double drainPinned(String worker, int batch) throws Exception {
    try (Connection other = DriverManager.getConnection(url.jdbc(), url.user().orElse(""), "");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute("SELECT count(*) FROM coatcheck.node");
      double rate = drain(worker, batch);
      other.rollback();
      return rate;
    }
  }

  private double drain(String worker, int batch) throws InterruptedException {
    ClaimPlan plan =
        new ClaimPlan(new ClaimPlan.Holder.Node(), List.of(new ClaimPlan.Want(worker, batch)));
    ConcurrentLinkedQueue<Long> claims = new ConcurrentLinkedQueue<>();
    Set<JobId> seen = ConcurrentHashMap.newKeySet();
    AtomicInteger drained = new AtomicInteger();
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        threads.execute(() -> drain(plan, claims, seen, drained));
      }
    }
    double took = (System.nanoTime() - start) / 1e9;
    List<Long> sorted = claims.stream().sorted().toList();
    System.out.printf(
        "  drain of %,d %s: %,.0f jobs/s; claims of %d: p50 %.1f, p99 %.1f, most %.1f ms%n",
        drained.get(),
        worker,
        drained.get() / took,
        batch,
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get(sorted.size() * 99 / 100) / 1e6,
        sorted.getLast() / 1e6);
    if (seen.size() != drained.get()) {
      throw new IllegalStateException("granted twice: " + (drained.get() - seen.size()));
    }
    return drained.get() / took;
  }

  private void drain(
      ClaimPlan plan, ConcurrentLinkedQueue<Long> claims, Set<JobId> seen, AtomicInteger drained) {
    while (true) {
      long before = System.nanoTime();
      List<Grant> grants = store.claim(plan);
      if (grants.isEmpty()) {
        return;
      }
      claims.add(System.nanoTime() - before);
      List<Command> outcomes = new ArrayList<>(grants.size());
      for (Grant grant : grants) {
        seen.add(grant.token().job());
        Outcome outcome = new Outcome.Succeeded(Payload.utf8("{\"ok\":true}"), Usage.NONE);
        outcomes.add(new Command.Settle(grant.token(), outcome));
      }
      store.commit(outcomes);
      drained.addAndGet(grants.size());
    }
  }

  /** Rows as submissions leave them, ten thousand jobs a second for each worker. */
  private void put(String worker, int jobs) throws SQLException {
    String id =
        "(lpad(to_hex((%d + n / 10) << 16), 16, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid"
            .formatted(System.currentTimeMillis());
    String from = " FROM generate_series(1, " + jobs + ") AS n";
    Properties account = new Properties();
    account.setProperty("user", url.user().orElse(""));
    account.setProperty("socketTimeout", "900");
    try (Connection connection =
            DriverManager.getConnection(
                url.jdbc().replace("socketTimeout=5", "socketTimeout=900"), account);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO coatcheck.job (id, tenant, worker, worker_version, max_attempts, priority, lane, scheduled,"
              + " ready_at, run_timeout_ms, deadline_at, input, metadata) SELECT "
              + id
              + ", 'default', '"
              + worker
              + "', 1, 5, 0, '', false, 0, 60000, 9e12, decode(repeat('41', 230), 'hex'), ''"
              + from);
      statement.execute(
          "INSERT INTO coatcheck.ready SELECT '"
              + worker
              + "', 0, "
              + id
              + ", 1, 0, false, false, false, 0, 9e12"
              + from);
      statement.execute("ANALYZE");
      statement.execute("CHECKPOINT");
    }
    System.out.printf("%,d jobs of %s are ready%n", jobs, worker);
  }

  private void backlog(int jobs) throws SQLException {
    put("other", jobs / 10);
    put("backlog", jobs);
    for (int size : new int[] {100, 1, 100, 1}) {
      ClaimPlan plan =
          new ClaimPlan(new ClaimPlan.Holder.Node(), List.of(new ClaimPlan.Want("backlog", size)));
      times("claim of " + size, 500, () -> settle(store.claim(plan)));
    }
    JobQuery all = query(null, null);
    times("first page of the tenant", 200, () -> store.reader().jobs(all));
    for (String worker : List.of("backlog", "other")) {
      times("of " + worker, 200, () -> store.reader().jobs(query(worker, null)));
    }
    for (JobStatus status : JobStatus.values()) {
      JobQuery some = query(null, status);
      times("of those " + status.wire(), 200, () -> store.reader().jobs(some));
      JobQuery few = query("backlog", status);
      times("of those " + status.wire() + " of backlog", 200, () -> store.reader().jobs(few));
    }
  }

  private static JobQuery query(@Nullable String worker, @Nullable JobStatus status) {
    return new JobQuery(StoreBench.TENANT, worker, status, null, null, null, null, 50, false);
  }

  /** Not within the time that is measured. */
  private Runnable settle(List<Grant> grants) {
    List<Command> outcomes = new ArrayList<>(grants.size());
    for (Grant grant : grants) {
      Outcome outcome = new Outcome.Succeeded(Payload.utf8("{\"ok\":true}"), Usage.NONE);
      outcomes.add(new Command.Settle(grant.token(), outcome));
    }
    return () -> store.commit(outcomes);
  }

  private static void times(String what, int times, Supplier<?> call) {
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      Object result = call.get();
      took.add(System.nanoTime() - start);
      if (result instanceof Runnable after) {
        after.run();
      }
    }
    Collections.sort(took);
    System.out.printf(
        "  %s: p50 %.1f, p99 %.1f, most %.1f ms%n",
        what, took.get(times / 2) / 1e6, took.get(times * 99 / 100) / 1e6, took.getLast() / 1e6);
  }

  /** Each job has ended, and is in no other place. */
  private void check() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(url.jdbc(), url.user().orElse(""), "");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT (SELECT count(*) FROM coatcheck.job),"
                    + " (SELECT count(*) FROM coatcheck.done WHERE status = 'succeeded'),"
                    + " (SELECT count(*) FROM coatcheck.ready)")) {
      rows.next();
      System.out.printf(
          "%,d jobs, %,d succeeded, %,d ready%n",
          rows.getLong(1), rows.getLong(2), rows.getLong(3));
      if (rows.getLong(1) != rows.getLong(2) || rows.getLong(3) != 0) {
        throw new IllegalStateException("jobs are lost");
      }
    }
  }
}
