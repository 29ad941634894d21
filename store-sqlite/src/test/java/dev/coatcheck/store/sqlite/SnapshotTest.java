package dev.coatcheck.store.sqlite;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Payload;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.base.Missed;
import dev.coatcheck.testkit.StoreBench;
import dev.coatcheck.worker.WorkerSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a database that goes on, and what they do not know of it. */
final class SnapshotTest {

  @TempDir private Path directory;
  private SqliteBench bench;
  private Path copy;

  @BeforeEach
  void place() {
    bench = new SqliteBench(directory.resolve("data"));
    copy = directory.resolve("copy.db");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void what_was_acknowledged_before_the_cut_is_in_the_copy_while_others_write() throws Exception {
    fill(3_000);
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Job>> load = threads.submit(() -> submitUntil(stop));
      List<Integer> counts = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        Path each = directory.resolve("copy-" + i);
        int before = bench.store().reader().jobs(JobQuery.of(StoreBench.TENANT, 100_000)).size();
        Snapshot.take(bench.file(), each, InstantSource.system());
        int after = bench.store().reader().jobs(JobQuery.of(StoreBench.TENANT, 100_000)).size();
        try (StoredCopy stored = StoredCopy.open(each)) {
          int kept = Math.toIntExact(stored.jobs().getOrDefault("queued", 0L));
          assertThat(kept).isBetween(before, after);
          counts.add(kept);
          assertThat(stored.schema()).isEqualTo(Migrations.STEPS.size());
        }
      }
      stop.set(true);
      assertThat(load.get()).isNotEmpty();
      assertThat(counts).isSorted();
    }
  }

  private void fill(int jobs) {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      commands.add(new Command.Submit(job("w").input("x".repeat(500)).build(bench.now()), false));
    }
    bench.store().commit(commands);
  }

  private List<Job> submitUntil(AtomicBoolean stop) {
    List<Job> accepted = new ArrayList<>();
    while (!stop.get()) {
      accepted.add(bench.accepted(job("w")));
    }
    return accepted;
  }

  @Test
  void what_came_after_the_copy_is_told_and_nothing_else() {
    Grant ended = bench.runningRemotely(job("e"));
    Grant canceled = bench.runningRemotely(job("c"));
    Grant suspended = bench.runningRemotely(job("s"));
    CallbackToken token = bench.callback(suspended);
    bench.suspend(suspended, Duration.ofHours(1));
    bench.complete(bench.running(job("w")), "1");
    bench.commit(new Command.AddFile(file(1)));
    Snapshot.take(bench.file(), copy, bench.clock());
    bench.complete(ended, "1");
    bench.cancel(canceled.token().job());
    bench.receive(token, "hello");
    Job small = bench.accepted(job("w").input("{\"n\":1}"));
    Job large = bench.accepted(job("w").input("y".repeat(9_000)));
    bench.commit(new Command.AddFile(file(2)));
    bench.commit(new Command.Define(WorkerSpec.of("new"), "api"));
    bench.store().close();

    List<Missed> missed = new ArrayList<>();
    try (StoredCopy stored = StoredCopy.open(copy)) {
      assertThat(stored.jobs()).isEqualTo(Map.of("running", 3L, "succeeded", 1L));
      stored.missed(bench.file(), missed::add);
    }

    assertThat(missed)
        .containsExactlyInAnyOrder(
            new Missed.Job(small.id(), "w", "queued", Payload.utf8("{\"n\":1}")),
            new Missed.Job(large.id(), "w", "queued", Payload.utf8("y".repeat(9_000))),
            new Missed.End(ended.token().job(), "e", "succeeded", bench.now()),
            new Missed.End(canceled.token().job(), "c", "canceled", bench.now()),
            new Missed.Callback(suspended.token().job(), "s", bench.now()),
            new Missed.File(file(2).id(), "two.txt"),
            new Missed.Worker("new", 1));
  }

  private StoredFile file(int number) {
    Instant now = bench.now();
    String name = number == 1 ? "one.txt" : "two.txt";
    return new StoredFile(
        new FileId(number, number),
        StoreBench.TENANT,
        name,
        "text/plain",
        1,
        "a".repeat(64),
        now,
        now.plusSeconds(3_600));
  }

  /** As a server leaves it that was killed: what was committed last is in the log alone. */
  @Test
  void an_old_database_is_read_with_its_log_and_left_as_it_is() throws Exception {
    bench.accepted(job("w"));
    Snapshot.take(bench.file(), copy, bench.clock());
    Job late = bench.accepted(job("w"));
    Path old = directory.resolve("old.db");
    Path log = directory.resolve("old.db-wal");
    Files.copy(bench.file(), old);
    Files.copy(bench.file().resolveSibling("jobs.db-wal"), log);
    byte[] before = Files.readAllBytes(log);
    byte[] database = Files.readAllBytes(old);

    List<Missed> missed = new ArrayList<>();
    try (StoredCopy stored = StoredCopy.open(copy)) {
      stored.missed(old, missed::add);
    }

    assertThat(missed).extracting(each -> ((Missed.Job) each).id()).containsExactly(late.id());
    assertThat(Files.readAllBytes(log)).isEqualTo(before);
    assertThat(Files.readAllBytes(old)).isEqualTo(database);
  }

  @Test
  void a_copy_that_is_opened_and_fenced_takes_jobs() {
    Grant held = bench.runningRemotely(job("w"));
    Instant cut = Snapshot.take(bench.file(), copy, bench.clock());

    try (SqliteStore restored =
        SqliteStore.open(SqliteOptions.of(copy, bench.clock(), new java.util.Random(1)))) {
      assertThat(restored.fence(cut)).isEqualTo(new Restore(cut, bench.now(), 1));
      assertThat(restored.renew(StoreBench.REMOTE, List.of(held.token()), StoreBench.LEASE))
          .noneMatch(renewal -> renewal.held());
    }
  }

  @Test
  void what_cannot_be_read_or_written_is_refused() throws Exception {
    bench.accepted(job("w"));
    Path plain = Files.writeString(directory.resolve("plain"), "no database".repeat(100));

    assertThatThrownBy(() -> Snapshot.take(plain, copy, bench.clock()))
        .isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> Snapshot.take(bench.file(), plain, bench.clock()))
        .isInstanceOf(StoreUnavailableException.class);
    Snapshot.take(bench.file(), copy, bench.clock());
    try (StoredCopy stored = StoredCopy.open(copy)) {
      assertThatThrownBy(() -> stored.missed(plain, each -> {}))
          .isInstanceOf(StoreRefusedException.class);
      assertThatThrownBy(() -> stored.missed(bench.file(), each -> {}))
          .isInstanceOf(StoreRefusedException.class)
          .hasMessageContaining("in use");
    }
  }
}
