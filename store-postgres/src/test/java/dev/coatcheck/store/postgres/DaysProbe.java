package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.testkit.Jobs;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Measures how a day goes whose jobs are past their retention, all but one in a hundred: job by
 * job, and by a swap of its partitions, while jobs are handed in at a steady rate.
 *
 * <p>Arguments: jobs of the day (300000), submissions a second (100).
 */
final class DaysProbe {

  private static final Duration AGE = Duration.ofDays(9);

  private final PostgresStore store;
  private final Url url;
  private final int rate;

  private DaysProbe(PostgresStore store, Url url, int rate) {
    this.store = store;
    this.url = url;
    this.rate = rate;
  }

  private interface Work {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 300_000;
    int rate = args.length > 1 ? Integer.parseInt(args[1]) : 100;
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
        DaysProbe probe = new DaysProbe(store, Url.parse(address + "?socketTimeout=600"), rate);
        probe.measure("nothing else", 0, () -> TimeUnit.SECONDS.sleep(10));
        Instant first = Instant.now().minus(AGE);
        probe.fill(first, jobs);
        probe.measure("row by row", jobs, probe::rows);
        Instant second = first.minus(Duration.ofDays(1));
        probe.fill(second, jobs);
        Day day = Day.of(Day.date(second));
        probe.measure(
            "swapped",
            jobs,
            () ->
                store
                    .oldDays(probe.url, OldDays.LARGE, DaySwap.Patience.USUAL)
                    .tend(day, Instant.now()));
      }
    }
  }

  private void rows() {
    while (store.prune(Sweep.SLICE).moved() > 0) {
      // to the last
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url.jdbc(), url.user().orElse(""), "");
  }

  /** Jobs that ended within a minute, with an input and an output of some 250 bytes each. */
  private void fill(Instant at, int jobs) throws SQLException {
    JobId id = JobId.of(at, 0, 0);
    new Days(new Pool(url, new Pool.Purpose("probe", 1, Duration.ofSeconds(9), false)))
        .prepare(List.of(id));
    String ids =
        "(lpad(to_hex((%d + n / 100) << 16), 16, '0') || lpad(to_hex(n), 16, '0'))::uuid"
            .formatted(at.toEpochMilli());
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO coatcheck.job (id, tenant, worker, worker_version, max_attempts, priority, lane, scheduled,"
              + " ready_at, run_timeout_ms, deadline_at, input, metadata) SELECT "
              + ids
              + ", 'default', 'w', 1, 1, 0, '', false, 0, 1, 1, decode(repeat('41', 250), 'hex'), ''"
              + " FROM generate_series(1, "
              + jobs
              + ") n");
      long now = System.currentTimeMillis();
      statement.execute(
          "INSERT INTO coatcheck.done (id, tenant, worker, status, fence, attempt, finished_at, expires_at, output) SELECT "
              + ids
              + ", 'default', 'w', 'succeeded', 3, 1, %d + n, CASE WHEN n %% 100 = 0 THEN %d ELSE %d + n / 100 END,"
                  .formatted(at.toEpochMilli(), now + 86_400_000L * 20, now - 86_400_000L)
              + " decode(repeat('41', 250), 'hex') FROM generate_series(1, "
              + jobs
              + ") n");
      // Not looked at before it is asked for.
      statement.execute("UPDATE coatcheck.day SET look_at = 9e15");
      statement.execute("VACUUM ANALYZE");
      statement.execute("CHECKPOINT");
    }
  }

  private long wal() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void measure(String how, int jobs, Work work) throws Exception {
    ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long before = wal();
      long start = System.nanoTime();
      long[] end = {Long.MAX_VALUE};
      Future<?> submitter =
          threads.submit(() -> {
            Random random = new Random(1);
            long due = System.nanoTime();
            while (due < end[0]) {
              due += (long) (-Math.log(1 - random.nextDouble()) * 1e9 / rate);
              TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
              long from = due;
              threads.execute(() -> {
                store.commit(
                    List.of(
                        new Command.Submit(
                            Jobs.job("s").queueLimit(100_000_000).build(Instant.now()), false)));
                waits.add(System.nanoTime() - from);
              });
            }
            return null;
          });
      work.run();
      long took = System.nanoTime() - start;
      end[0] = System.nanoTime();
      submitter.get();
      long written = wal() - before;
      List<Long> sorted = waits.stream().sorted().toList();
      System.out.printf(
          "%s: %.1f s, %,.0f jobs/s; %.1f MB of log with that of %d submissions; those p50 %.1f, p99 %.1f, most %.1f ms%n",
          how,
          took / 1e9,
          jobs / (took / 1e9),
          written / 1e6,
          sorted.size(),
          sorted.get(sorted.size() / 2) / 1e6,
          sorted.get(sorted.size() * 99 / 100) / 1e6,
          sorted.getLast() / 1e6);
    }
  }
}
