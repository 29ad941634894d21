package dev.coatcheck.store.sqlite;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.event.Note;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.testkit.Jobs;
import dev.coatcheck.testkit.StoreBench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a store in a file has to promise: the file, its owner, its disk. */
final class SqliteFileTest {

  @TempDir private Path directory;
  private SqliteBench bench;

  @BeforeEach
  void place() {
    bench = new SqliteBench(directory.resolve("data"));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void a_restart_keeps_everything() {
    Grant done = bench.running(job("w").metadata("user", "ann").input("x".repeat(9_000)));
    Note note = new Note.Logged("info", "hi");
    bench.commit(new Command.Append(done.token(), List.of(note), StoreBench.USAGE));
    bench.backoff(done, Duration.ZERO);
    bench.later(Duration.ofSeconds(1));
    bench.complete(bench.claimOne("w"), "y".repeat(9_000));
    bench.accepted(job("w").delay(Duration.ofSeconds(5)).uniqueKey("u"));
    bench.cancel(bench.accepted(job("w").idempotency(Jobs.key("k", "f"))).id());
    bench.runningRemotely(job("v"));
    List<Object> before = everything();

    bench.restart();

    assertThat(everything()).isEqualTo(before);
    assertThat(bench.submit(job("w").uniqueKey("u"))).isInstanceOf(Result.Existing.class);
    JobId next = bench.accepted(job("w")).id();
    assertThat(bench.claimOne("w").token().job()).isEqualTo(next);
  }

  private List<Object> everything() {
    List<Object> all = new ArrayList<>();
    JobQuery query = new JobQuery(StoreBench.TENANT, null, null, null, null, null, null, 99, true);
    for (Job job : bench.store().reader().jobs(query)) {
      all.add(job);
      all.add(bench.events(job.id()));
      all.add(bench.attempts(job.id()));
    }
    all.add(bench.counts("w"));
    all.add(bench.counts("v"));
    all.add(bench.store().reader().recent(99));
    return all;
  }

  @Test
  void a_second_opener_is_refused_until_the_first_has_closed() {
    bench.store();

    assertThatThrownBy(() -> SqliteStore.open(bench.options()))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("in use");
    bench.restart();
    bench.accepted(job("w"));
  }

  @Test
  void a_file_that_is_no_database_is_refused_and_left_alone() throws Exception {
    Files.createDirectories(bench.directory());
    Files.writeString(bench.file(), "these are my notes, not a database\n".repeat(100));
    String before = Files.readString(bench.file());

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> SqliteStore.open(bench.options()))
          .isInstanceOf(StoreRefusedException.class)
          .hasMessageContaining("not a database");
    }
    assertThat(Files.readString(bench.file())).isEqualTo(before);
  }

  @Test
  void a_database_of_another_program_is_refused() throws Exception {
    Files.createDirectories(bench.directory());
    execute("CREATE TABLE mine (x)");

    assertThatThrownBy(() -> SqliteStore.open(bench.options()))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("another program");
  }

  @Test
  void a_newer_schema_is_refused() throws Exception {
    bench.store();
    bench.close();
    execute("PRAGMA user_version = 99");

    assertThatThrownBy(() -> SqliteStore.open(bench.options()))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("newer");
  }

  @Test
  void a_place_that_cannot_be_written_is_refused() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "");
    SqliteBench inFile = new SqliteBench(plain.resolve("data"));

    assertThatThrownBy(() -> SqliteStore.open(inFile.options()))
        .isInstanceOf(StoreRefusedException.class);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void files_are_for_their_owner_only() throws Exception {
    bench.accepted(job("w"));

    assertThat(permissions(bench.directory())).isEqualTo("rwx------");
    try (var files = Files.list(bench.directory())) {
      assertThat(files.toList())
          .hasSizeGreaterThanOrEqualTo(3)
          .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
    }
  }

  private static String permissions(Path path) throws java.io.IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void a_full_disk_refuses_changes_whole_and_recovers() {
    Job kept = bench.accepted(job("w"));
    bench.sqlite().limitGrowth(2);
    Jobs30 many = new Jobs30();

    assertThatThrownBy(() -> bench.store().commit(many.commands(bench)))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("full");

    assertThat(bench.job(kept.id())).isEqualTo(kept);
    assertThat(bench.counts("w").ready()).isEqualTo(1);
    assertThat(bench.store().reader().jobs(JobQuery.of(StoreBench.TENANT, 99))).hasSize(1);
    assertThatThrownBy(() -> bench.store().probe()).isInstanceOf(StoreUnavailableException.class);
    bench.sqlite().limitGrowth(0);
    bench.store().probe();
    assertThat(bench.store().commit(many.commands(bench)))
        .hasSize(30)
        .allSatisfy(result -> assertThat(result).isInstanceOf(Result.Accepted.class));
    assertThat(bench.counts("w").ready()).isEqualTo(31);
    bench.restart();
    assertThat(bench.counts("w").ready()).isEqualTo(31);
  }

  /** Thirty submissions that need more than two pages. */
  private static final class Jobs30 {
    List<Command> commands(StoreBench bench) {
      List<Command> commands = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        commands.add(new Command.Submit(job("w").input("z".repeat(900)).build(bench.now()), false));
      }
      return commands;
    }
  }

  @Test
  void a_call_that_breaks_a_constraint_fails_alone() throws Exception {
    Job first = bench.accepted(job("w"));
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      boolean bad = i == 20;
      calls.add(() -> {
        try {
          bench.submit(bad ? job("w").id(first.id()) : job("w"));
          return true;
        } catch (StoreUnavailableException refused) {
          return false;
        }
      });
    }
    List<Boolean> stored = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> answer : threads.invokeAll(calls)) {
        stored.add(answer.get());
      }
    }

    assertThat(stored).filteredOn(ok -> !ok).hasSize(1);
    assertThat(stored.get(20)).isFalse();
    assertThat(bench.counts("w").ready()).isEqualTo(40);
    assertThat(bench.claim("w", 99)).hasSize(40);
  }

  @Test
  void an_interrupted_caller_still_learns_what_became_of_his_call() {
    bench.store();
    Thread.currentThread().interrupt();

    Job job = bench.accepted(job("w"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(bench.job(job.id())).isEqualTo(job);
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + bench.file());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void the_file_is_sound_after_all_this() throws Exception {
    bench.complete(bench.running(job("w")), "1");
    bench.close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + bench.file());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("ok");
    }
  }
}
